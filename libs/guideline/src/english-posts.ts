/** Posts that stand where other plans name a body: Manager Strategic Planning · Head of Finance · Chief Executive Officer. */

const RANK =
  '(?:Deputy|Assistant|Associate|Acting|Interim|Senior|Principal|Executive|Group|General|Managing|Regional|Area|Divisional|Vice|Chief)';
const FIRST = new RegExp(
  `^(?:the )?(?:${RANK} )*(?:(?:Manager|Director|Director[- ]General|Co-?ordinator|Superintendent|Supervisor|Team Leader|Chief)\\b|Heads? of )`,
);
const LAST =
  /(?:^| )(?:Managers?|Directors?|Director[- ]General|Co-?ordinators?|Officers?|Chief Executive|Superintendents?|Supervisors?|Leaders?|Leads?|Engineers?|Planners?|Surveyors?|Clerks?|Controllers?|Comptrollers?|Advis[eo]rs?|Inspectors?|Administrators?|Accountants?|Architects?|Solicitors?|Librarians?|Analysts?|Specialists?|Head|President|Principal|Dean|Mayor|Treasurer)$/;
const IN_A_TITLE = /^(?:\p{Lu}[\w'’&.-]*,?|of|for|and|the|on|in|to|&)$/u;
const ASKS = /\b(?:officers?|post ?-?holders?|posts?|positions?|job titles?|managers?|persons?)(?: responsible)?(?: ?\(s\))?[:*]*$/i;
const BARE = /^(?:officers?|post ?-?holders?|posts?|positions?|job titles?|managers?)(?: ?\(s\))?[:*]*$/i;

const isTitle = (words: string) => words.length <= 90 && words.split(' ').every((word) => IN_A_TITLE.test(word));

/** Manager Planning, Director of Works: what it is comes first, then what for. */
export const beginsWithPost = (words: string): boolean => FIRST.test(words) && isTitle(words);
/** Whether words are the title of a post. */
export const isPost = (words: string): boolean => isTitle(words) && (FIRST.test(words) || LAST.test(words));

/** Whether the head of a column asks for a post: Responsible Officer · Position · 责任岗位. */
export const asksForPost = (head: string): boolean => ASKS.test(head) || head.endsWith('岗位');
/** Such a head that says nothing of a role. */
export const isBarePost = (head: string): boolean => BARE.test(head);
/** Responsible Officer asks as Responsible body does. */
export const asForBody = (head: string): string =>
  head.replace(ASKS, (words) => (/ responsible/i.test(words) ? 'responsible body' : 'body'));
