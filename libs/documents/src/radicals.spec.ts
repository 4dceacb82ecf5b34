import { withoutRadicals } from './radicals.js';

it.each([
  ['各市、县⼈⺠政府', '各市、县人民政府'],
  ['省⼯业和信息化厅、省⽂化和旅游厅', '省工业和信息化厅、省文化和旅游厅'],
  ['2026年6⽉底前', '2026年6月底前'],
  ['⻓三⻆、⻢鞍⼭、⻩⼭、⻋⻔⻚⻛', '长三角、马鞍山、黄山、车门页风'],
])('%s is %s', (seen, meant) => {
  expect(withoutRadicals(seen)).toBe(meant);
});

it('keeps every offset', () => {
  const all = Array.from({ length: 0x2fd6 - 0x2e80 }, (_, n) => String.fromCharCode(0x2e80 + n)).join('');
  expect(withoutRadicals(all)).toHaveLength(all.length);
});
