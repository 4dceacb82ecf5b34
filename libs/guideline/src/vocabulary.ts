import type { UnitRole } from '@app/domain/task.js';

/**
 * The words by which a list says who does what. All tables are for folded text without spaces.
 * A new word goes into one of the tables below and nowhere else.
 */

const STEMS: readonly (readonly [role: UnitRole, words: string])[] = [
  ['lead', '总牵头|牵头|主办|主责|主抓|主要责任|第一责任|主协办'],
  ['support', '配合|协办|会办|参与|参加|参建|协同|协作|协助|支持|辅助|共同|会同|协调|支撑|联办'],
  ['guide', '指导|督导|监督|督办'],
  ['responsible', '责任|负责|独办|分办|分工|落实|实施|执行|承办|办理|完成|承担|主管|主体|承接|工作|推进'],
];
const ANY_STEM = STEMS.map(([, words]) => words).join('|');
const KIND = '单位|部门|机构|机关|处室|科室|司局|院系|主体|实体|专班|地区|部委|成员|方|者';

/** 牵头单位: · 责任部门(单位): · 市级配合单位: · 牵头: — read backwards from the colon, so it is anchored at its end. */
const ROLE_LABEL = new RegExp(
  `(?:省级?|市级?|县级?|区级?|省直|市直|县直|区直|主要|具体|相关|任务|工作|项目|本项|部门|整改|本级|内部|其他|其它|总|直接|攻坚|改革|建设|属地|技术){0,2}` +
    `((?:${ANY_STEM})(?:(?:单位|部门)?[和及与、/(]{1,2}(?:${ANY_STEM})\\)?)?(?:组织|抓总)?(?:责任|负责|落实|实施|指导|牵头|配合)?(?:${KIND})?(?:[及和与、/](?:${KIND}|部门|单位)|\\((?:${KIND}|个人|人|[^()]{1,8})\\))?)$`,
);
/** What needs no «单位» behind it to be a label. */
const BARE_STEM = /(?:牵头|主办|主责|配合|协办|协同|责任|负责|指导|督办|参与|参加|会办|承办|独办|分办|分工)$/;

const DUE_LABEL =
  /(?:完成|办理|办结|整改|工作|时间|推进|实施|落实|计划|预计|预期|预定|要求|起止|截止|目标)?(?:完成)?(?:时限|时间|期限|日期|期程|时序|节点|年限)(?:要求|节点|安排|进度|进度安排|表)?$|(?:进度安排|进度要求|时序进度|工作进度)$/;
const PERSON_LABEL =
  /(?:领导|责任人|负责人|联系人|牵头人|责任人员|负责同志|同志|经办人|联系电话|联系方式|电话|组长|人员)(?:\([^()]{1,8}\))?$/;
/** Any other short word before a colon: 备注: · 工作目标: */
const OTHER_LABEL = /(?:^|[^\u4e00-\u9fff])([\u4e00-\u9fff]{2,10})$/;

export type Label = { role: UnitRole | 'due' | 'person' | 'other'; length: number; ambiguous: boolean };

/** The label that ends with these words (what stands before a colon, at most 24 characters of it). */
export function labelIn(before: string): Label | null {
  const withPerson = /^(.*(?:单位|部门))(?:及其?|和|与|、|\/)[^,;。]{0,4}(?:责任人|负责人|联系人|领导|人员)$/.exec(before);
  if (withPerson) {
    const label = labelIn(withPerson[1]!);
    return label && { ...label, length: label.length + before.length - withPerson[1]!.length };
  }
  if (PERSON_LABEL.test(before)) return { role: 'person', length: before.length, ambiguous: false };
  const due = DUE_LABEL.exec(before);
  const role = ROLE_LABEL.exec(before);
  if (role && (!due || role[0].length >= due[0].length)) {
    const words = role[1]!;
    const bare = !new RegExp(`${KIND}`).test(words);
    if (!bare || BARE_STEM.test(words)) return { ...roleOf(words), length: role[0].length };
  }
  if (due) return { role: 'due', length: due[0].length, ambiguous: false };
  const other = OTHER_LABEL.exec(before);
  return other ? { role: 'other', length: other[1]!.length, ambiguous: false } : null;
}

function roleOf(words: string): { role: UnitRole; ambiguous: boolean } {
  const said = STEMS.filter(([, stems]) => new RegExp(stems).test(words)).map(([role]) => role);
  const ambiguous = said.includes('lead') && said.includes('support');
  if (ambiguous) return { role: 'responsible', ambiguous };
  return { role: said[0] ?? 'responsible', ambiguous };
}

/** How units do what they do; says nothing about the role: 按职责分工, 分别, 共同. */
const MANNER =
  '(?:(?:按照?|依照?|根据|依据)(?:各自|自身)?(?:的)?(?:工作|部门|单位)?(?:职责|职能|分工|权限|任务|要求)(?:任务|和|与|及)?(?:分工|权限|任务|范围|职责)?(?:要求|范围)?)|各司其职|各负其责|分别|共同|具体|联合|各自|积极|统一|协同|分头|分级|认真|同步|主动|全面|牵头抓总|做好|抓好|切实|依法';
const DO =
  '总牵头|牵头|负总责|负责|主责|为主|主办(?!公)|会办(?!公)|承办|协办(?!公)|配合|参与|参加|协助|支持|指导|落实|实施|组织|推进|推动|制定|编制|起草|执行|承担|统筹|协调|监督|督导|抓落实|落实到位|协同|抓总|完成|开展|工作|抓总|解释';
const PHRASE = new RegExp(`(?:${MANNER}){0,3}(?:(?:${DO})(?:${MANNER})?[、和]?(?=${DO}|${MANNER}|))(?:(?:${DO})|(?:${MANNER})){0,4}`, 'y');
const CORE: readonly (readonly [role: UnitRole, words: RegExp])[] = [
  ['lead', /牵头|主办|主责|负总责|为主/],
  ['guide', /指导|督导|监督/],
  ['support', /配合|协办|会办|参与|参加|协助|支持|协同(?!负责|落实|实施)/],
  ['responsible', /负责|承办|落实|实施|执行|承担|抓|推进|推动|完成|组织|统筹/],
];
/** Verbs that a name may follow at once: 省科技厅牵头省财政厅配合. */
const MAY_BE_FOLLOWED = /牵头|负责|配合|主办|协办/;

export type Phrase = { role: UnitRole; end: number; words: string };

/** The verb phrase that begins at `at`: 牵头 · 按职责分工负责 · 负责落实 · 配合. Null where the words belong to a name (各牵头单位, 指导中心). */
export function phraseAt(text: string, at: number): Phrase | null {
  PHRASE.lastIndex = at;
  const found = PHRASE.exec(text);
  if (!found || found[0] === '') return null;
  const words = found[0];
  const core = CORE.find(([, verbs]) => verbs.test(words));
  if (!core) return null;
  const end = at + words.length;
  const next = text.slice(end, end + 4);
  if (next !== '' && !/^[,;。、)\]]/.test(next)) {
    if (!MAY_BE_FOLLOWED.test(words) || /^(?:单位|部门|机构|机关|人|领导|小组|组|方|处|中心|办|地区|的|者|科|室|会议)/.test(next))
      return null;
  }
  return { role: core[0], end, words };
}

/** 会同: those before it lead, those behind it support. */
const TOGETHER = /(?:会同|会商|牵头会同|联合|协同|商)(?=[^,;。、)]{2})/y;
export function togetherAt(text: string, at: number): number {
  TOGETHER.lastIndex = at;
  const found = TOGETHER.exec(text);
  if (!found) return 0;
  if (found[0].length === 1 || /^(?:联合|协同)$/.test(found[0])) return 0;
  return found[0].length;
}

/** The foot of a web page, which also says 主办 and 承办. */
export const WEB_FOOT = /版权所有|网站标识码|ICP备|公网安备|网站地图|copyright/i;

/** What a list says instead of a name. */
export const NOBODY = /^(?:无|暂无|没有|—+|-+|–+|－+|\/+|\\|×|N\/?A|None|none|nil|略)$/;
export const AS_ABOVE = /^(?:同上|同前|同上行|同上栏|〃|″|"|''|ditto|Ditto|as above|As above|same as above|Same as above)$/;
/** 等, and the general words behind it that name nobody. */
export const AND_OTHERS =
  /^等(?:(?:国务院|中央|省级?|市级?|县级?|区级?|直|属|有关|相关|各|各有关|各相关|职能|主管|行业|成员|其他|\d{1,2}个?|[一二三四五六七八九十]{1,3}个?|家)*(?:部门|单位|部委|机构|地方|地区|方面|企业|高校|院校|处室|市|县|区|地)?[和及、与]?){0,3}$/;
