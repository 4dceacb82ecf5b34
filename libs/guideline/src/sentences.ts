/**
 * What the reader says, by code, in both languages. {words} in braces come with the code's details.
 * `due.*` say why words about a date give no day, all others say why a list needs a person's eyes.
 */
export const sentences = {
  'list.empty': {
    zh: '责任清单中没有写单位。',
    en: 'The list names no unit.',
  },
  'list.only-support': {
    zh: '清单中只有配合单位，没有牵头或责任单位，请核对。',
    en: 'The list names units that support and none that lead or are responsible. Please check.',
  },
  'unit.unrecognised': {
    zh: '“{name}”不像单位名称，请核对。',
    en: '“{name}” does not look like the name of a unit. Please check.',
  },
  'unit.repeated': {
    zh: '“{name}”在同一清单中有两种角色。',
    en: '“{name}” has two roles in the same list.',
  },
  'unit.prefix-restored': {
    zh: '原文写作“{written}”，按前一单位补为“{name}”。',
    en: 'The text says “{written}”; completed to “{name}” after the unit before it.',
  },
  'unit.same-as-item': {
    zh: '写的是“{written}”，按该条的单位理解，请核对。',
    en: 'It says “{written}”; read as the units of that item. Please check.',
  },
  'unit.same-as-above': {
    zh: '写的是“{written}”，按上一行理解，请核对。',
    en: 'It says “{written}”; read as the row above. Please check.',
  },
  'unit.and': {
    zh: '“{name}”中的 and 可能连接两个单位，也可能在一个单位的名称里，请核对。',
    en: 'The “and” in “{name}” may part two units or belong to the name of one. Please check.',
  },
  'unit.one-or-several': {
    zh: '“{name}”按一个单位（下级在前、上级在后）理解，请核对。',
    en: '“{name}” was read as one unit (a part, then the whole it belongs to). Please check.',
  },
  'unit.run-together': {
    zh: '“{name}”可能是几个单位连写，按一个单位理解，请核对。',
    en: '“{name}” may be several units that run together; it was read as one. Please check.',
  },
  'role.ambiguous': {
    zh: '“{words}”同时指牵头和配合，分不清各单位的角色。',
    en: '“{words}” means leading and supporting at once; who does which cannot be told.',
  },
  'role.unsaid': {
    zh: '没有写明“{name}”的角色，按“{role}”理解。',
    en: 'The role of “{name}” is not said; read as {role}.',
  },
  'role.lead-implied': {
    zh: '没有写“牵头”，但另有配合单位，故把负责单位理解为牵头单位。',
    en: 'Nobody is called the lead, but others support; so those responsible were read as the lead.',
  },
  'rule.later': {
    zh: '文末的说明“{words}”可能也适用于本清单，未采用。',
    en: 'A later sentence, “{words}”, may hold for this list too; it was not applied.',
  },
  'rule.mark-lost': {
    zh: '文件用记号或字体标出牵头单位，本清单中没有看到，请核对。',
    en: 'The document marks the leads by a sign or typeface; none was seen in this list. Please check.',
  },
  'passage.wide': {
    zh: '前面几点都没有写责任单位，按本清单管到上一级标题理解，请核对。',
    en: 'The points before it have no list of their own; it was read as holding for all of them. Please check.',
  },
  'words.unread': {
    zh: '清单中的“{words}”没有读懂。',
    en: 'The words “{words}” in the list were not understood.',
  },
  'bracket.unclosed': {
    zh: '括号没有闭合。',
    en: 'The bracket is not closed.',
  },
  'cell.empty': {
    zh: '“{column}”一栏为空，按上一行理解，请核对。',
    en: 'The cell “{column}” is empty; read as the row above. Please check.',
  },
  'sentence.prose': {
    zh: '这是一句叙述，按责任分工理解，请核对。',
    en: 'This is a sentence of the text; it was read as saying who does the work. Please check.',
  },
  'list.bare': {
    zh: '括号中只有单位名称，按责任单位理解，请核对。',
    en: 'The bracket only names bodies; they were read as responsible. Please check.',
  },
  'column.unread': {
    zh: '“{column}”一栏写有单位，但没有读懂这一栏的含义，请核对。',
    en: 'The column “{column}” names units; what they do there was not understood. Please check.',
  },
  'row.short': {
    zh: '这一行的单元格比表头少，按内容对应各栏，请核对。',
    en: 'This row has fewer cells than the head of the table; they were set where their words fit. Please check.',
  },
  'row.wrapped': {
    zh: '这一行的单元格分在几行，按位置拼合，请对照原文核对。',
    en: 'The cells of this row go on over several lines; they were put together by where they stand. Please check against the original.',
  },
  'table.flat': {
    zh: '表格的行挤在一起，各栏按内容推断，请对照原文核对。',
    en: 'The rows of a table run together; what stands in which column was told from the words. Please check against the original.',
  },
  'table.headless': {
    zh: '表格没有表头，各列的含义是根据内容判断的，请对照原文核对。',
    en: 'The table has no line of heads; what its columns mean was told from their cells. Please check against the original.',
  },
  'marks.unexplained': {
    zh: '没有说明“{marks}”的含义，按实心为牵头、空心为配合理解，请核对。',
    en: 'Nothing says what “{marks}” mean; filled was read as lead, hollow as support. Please check.',
  },
  'due.event': {
    zh: '期限取决于“{base}”，暂无日期。',
    en: 'The date depends on “{base}”; there is none yet.',
  },
  'due.relative': {
    zh: '相对期限，原文没有写从哪一天算起。',
    en: 'A relative term; the text does not say from which day it counts.',
  },
  'due.start': {
    zh: '这是起始时间，不是截止日期。',
    en: 'This is when it starts, not when it is due.',
  },
  'due.period': {
    zh: '这是起止时间，截止日期取其末日。',
    en: 'This is a period; its last day was taken.',
  },
  'due.year-unsaid': {
    zh: '原文没有写年份，按前后日期的年份或印发年份理解。',
    en: 'The text does not say the year; read as that of the dates around it, or of issue.',
  },
  'due.no-issue-date': {
    zh: '期限取决于印发日期，原文没有写；请补充印发日期。',
    en: 'The date hangs on the day of issue, which the text does not give. Please supply it.',
  },
  'due.from-handout': {
    zh: '原文没有印发日期，期限从下发之日起算，请核对。',
    en: 'The text does not give its day of issue; the term was counted from the day the guideline was issued here. Please check.',
  },
  'due.calendar-unknown': {
    zh: '该年度的节假日安排尚未公布，按周一至周五推算。',
    en: 'The holidays of that year are not announced yet; weekdays were counted.',
  },
  'due.fiscal-year': {
    zh: '财年或学年的起止月份不明，暂无日期。',
    en: 'The months of that fiscal or school year are not known; there is no date.',
  },
  'due.open': {
    zh: '持续推进，没有截止日期。',
    en: 'Ongoing; there is no due date.',
  },
  'due.at-once': {
    zh: '“{words}”要求立即办理，没有写日期。',
    en: '“{words}” asks for it at once and gives no day.',
  },
  'due.unread': {
    zh: '“{words}”没有读出日期。',
    en: 'No date could be read in “{words}”.',
  },
} as const satisfies Record<string, { zh: string; en: string }>;
