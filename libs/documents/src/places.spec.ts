import { placeAt } from './places.js';

const places = [
  { at: 0, page: 1 },
  { at: 100, page: 2 },
];

it.each([
  ['before the first place', [{ at: 5, page: 1 }], 0, undefined],
  ['at the beginning of a place', places, 100, { page: 2 }],
  ['inside one', places, 99, { page: 1 }],
  ['behind the last', places, 10_000, { page: 2 }],
  ['in a format without places', [], 3, undefined],
])('the place %s', (_, known, offset, place) => {
  expect(placeAt(known, offset)).toEqual(place);
});
