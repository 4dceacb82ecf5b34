exports.create = () => {
  throw new Error('nothing is offered as a download in the specs');
};
