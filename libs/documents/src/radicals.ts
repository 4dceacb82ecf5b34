/**
 * Characters of the block CJK Radicals Supplement that look like a whole character, and that character (Unicode's
 * EquivalentUnifiedIdeograph). The Kangxi Radicals have theirs in NFKC.
 */
const WHOLE = new Map(
  (
    '⺁厂 ⺄乙 ⺈刀 ⺊卜 ⺌小 ⺍小 ⺎兀 ⺒巳 ⺓幺 ⺜日 ⺝月 ⺟母 ⺠民 ⺧牛 ⺩王 ⺪疋 ⺫目 ⺬示 ⺮竹 ⺶羊 ' +
    '⺷羊 ⺻聿 ⺼肉 ⺽臼 ⻁虎 ⻄西 ⻅见 ⻆角 ⻉贝 ⻊足 ⻋车 ⻑長 ⻓长 ⻔门 ⻗雨 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ' +
    '⻝食 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀 ⻳龟 ⻌辶 ' +
    '⻏阝 ⻖阝'
  )
    .split(' ')
    .map((pair) => [pair[0]!, pair[1]!] as const),
);

/**
 * Text in which ⼈⺠ are 人民 again: PDFs that browsers print name many characters by the radical of the same shape. Nobody types radicals,
 * and no name of a unit would be found in them. Keeps the length.
 */
export const withoutRadicals = (text: string): string =>
  text.replace(/[\u2e80-\u2fd5]/g, (radical) => WHOLE.get(radical) ?? radical.normalize('NFKC'));
