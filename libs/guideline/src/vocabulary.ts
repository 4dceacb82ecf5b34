import type { UnitRole } from '@app/domain/task.js';
import { kindOf } from './unit-names.js';

/**
 * The words by which a list says who does what. All tables are for folded text without spaces.
 * A new word goes into one of the tables below and nowhere else.
 */

const STEMS: readonly (readonly [role: UnitRole, words: string])[] = [
  ['lead', '总牵头|牵头|主\\(协\\)办|主办|统筹|主责|主抓|主要责任|主要负责|主要承办|第一责任|主协办'],
  ['support', '配合|协办|会办|参与|参加|参建|协同|协作|协助|支持|辅助|共同|会同|协调|支撑|联办'],
  ['guide', '指导|督导|监督|督办'],
  ['responsible', '责任|负责|整改|归口|经办|独办|分办|分工|落实|实施|执行|承办|办理|完成|承担|主管|主体|承接|工作|推进'],
];
const ANY_STEM = STEMS.map(([, words]) => words).join('|');
const INSIDE = STEMS.map(([role, words]) => [role, new RegExp(words)] as const);
const ALONE = STEMS.map(([role, words]) => [role, new RegExp(`^(?:${words})(?:单位|部门|机关)?$`)] as const);
const KIND = '单位|部门|政策局|机构|机关|处室|科室|司局|院系|主体|实体|专班|岗位|地区|部委|成员|方|者';
const SAYS_KIND = new RegExp(KIND);

/** 牵头单位: · 责任部门(单位): · 市级配合单位: · 牵头: — read backwards from the colon, so it is anchored at its end. */
const ROLE_LABEL = new RegExp(
  `(?:省级?|市级?|县级?|区级?|省直|市直|县直|区直|主要(?!责任|负责|承办)|具体|相关|任务|工作|项目|本项|部门|整改|本级|内部|其他|其它|总|直接|攻坚|改革|建设|属地|技术|责任(?=分工)|职责(?=分工)){0,2}` +
    `((?:${ANY_STEM})(?:(?:单位|部门)?[和及与、/(]{1,2}(?:${ANY_STEM})\\)?)?(?:组织|抓总)?(?:责任|负责|落实|实施|指导|牵头|配合|考核|验收|审核|审批|监测|评价)?(?:${KIND})?(?:[及和与、/](?:${KIND}|部门|单位)|\\((?:${KIND}|个人|人|[^()]{1,8})\\))?)$`,
);
/** What needs no «单位» behind it to be a label. */
const BARE_STEM = /(?:牵头|主办|主责|配合|协办|协同|责任|负责|指导|督办|参与|参加|会办|统筹|承办|独办|分办|分工)$/;

const DUE_LABEL =
  /(?:完成|结束|终止|竣工|完工|投用|办理|办结|整改|工作|时间|推进|推行|实施|落实|开展|达成|交付|验收|计划|预计|预期|预定|要求|起止|截止|目标|最后|最迟|具体|责任)?(?:完成)?(?:时限|时间|期限|日期|期程|时序|节点|年限)(?:要求|节点|安排|进度|进度安排|表)?$|(?:进度安排|进度要求|时序进度|工作进度)$/;
const PERSON_LABEL =
  /(?:领导|责任人|负责人|联系人|牵头人|责任人员|负责同志|同志|经办人|联系电话|联系方式|电话|组长|人员)(?:\([^()]{1,8}\))?$/;
/** Says nothing by itself (单位:万元) but where a unit follows (单位:市教育局). */
const BARE_UNIT = /(?:^|[^\u4e00-\u9fff])(单位|部门|科室)$/;
/** Any other short word before a colon: 备注: · 工作目标: */
const OTHER_LABEL = /(?:\d[年月日号]|^|[^\u4e00-\u9fff])([\u4e00-\u9fff]{2,10})$/;

/** When something begins is no term. */
const START_LABEL = /(?:开始|启动|起始|开工|开展)(?:时间|日期)$/;

export type Label = { role: UnitRole | 'due' | 'person' | 'other'; length: number; ambiguous: boolean };

/** The label that ends with these words (what stands before a colon, at most 24 characters of it). `behind` is what follows the colon. */
export function labelIn(before: string, behind = ''): Label | null {
  // 牵头单位 Lead: in both languages.
  const foreign = /(?<=[\u4e00-\u9fff]) ?[A-Za-z][A-Za-z ()/]{1,20}$/.exec(before)?.[0].length ?? 0;
  if (foreign > 0) {
    const label = labelIn(before.slice(0, -foreign), behind);
    return label && label.role !== 'other' ? { ...label, length: label.length + foreign } : null;
  }
  const withPerson = /^(.*(?:单位|部门))(?:及其?|和|与|、|\/)[^,;。]{0,4}(?:责任人|负责人|联系人|领导|人员)$/.exec(before);
  if (withPerson) {
    const label = labelIn(withPerson[1]!);
    return label && { ...label, length: label.length + before.length - withPerson[1]!.length };
  }
  const withTime = /^(.*(?:单位|部门|主体))(?:及其?|和|与|、|\/)(?:完成|办理|整改|责任)?(?:时限|时间|期限)$/.exec(before);
  if (withTime) {
    const label = labelIn(withTime[1]!);
    return label && label.role !== 'other' ? { ...label, length: label.length + before.length - withTime[1]!.length } : null;
  }
  if (PERSON_LABEL.test(before)) return { role: 'person', length: before.length, ambiguous: false };
  const begins = START_LABEL.exec(before);
  if (begins) return { role: 'other', length: begins[0].length, ambiguous: false };
  const due = DUE_LABEL.exec(before);
  const role = ROLE_LABEL.exec(before);
  if (role && (!due || role[0].length >= due[0].length)) {
    const words = role[1]!;
    const bare = !SAYS_KIND.test(words);
    if (!bare || BARE_STEM.test(words)) return { ...roleOf(words), length: role[0].length };
  }
  if (due) return { role: 'due', length: due[0].length, ambiguous: false };
  const kind = BARE_UNIT.test(before) ? kindOf(behind.split(/[\n、,;。\s(]/, 1)[0]!) : null;
  if (kind === 'firm' || kind === 'many') return { role: 'responsible', length: 2, ambiguous: false };
  const other = OTHER_LABEL.exec(before);
  return other ? { role: 'other', length: other[1]!.length, ambiguous: false } : null;
}

function roleOf(words: string): { role: UnitRole; ambiguous: boolean } {
  const said = INSIDE.filter(([, stems]) => stems.test(words)).map(([role]) => role);
  const ambiguous = (said.includes('lead') && said.includes('support')) || words.includes('(协)');
  if (ambiguous) return { role: 'responsible', ambiguous };
  return { role: said[0] ?? 'responsible', ambiguous };
}

/** The role that a word alone gives: 牵头, 配合. Null where it gives none. */
export const roleOfStem = (words: string): UnitRole | null => ALONE.find(([, stems]) => stems.test(words))?.[0] ?? null;

/** How units do what they do; says nothing about the role: 按职责分工, 分别, 共同. */
const MANNER =
  '(?:(?:按照?|依照?|根据|依据)(?:各自|自身)?(?:的)?(?:工作|部门|单位)?(?:职责|职能|分工|权限|任务|要求)(?:任务|和|与|及)?(?:分工|权限|任务|范围|职责)?(?:要求|范围)?)|各司其职|各负其责|分别|共同|具体|联合|各自|积极|统一|协同|分头|分级|认真|同步|主动|全面|牵头抓总|做好|抓好|切实|依法';
const DO =
  '总牵头|牵头|总负责|负总责|负责|主责|为主|主办(?!公)|会办(?!公)|承办|协办(?!公)|配合|参与|参加|协助|支持|指导|落实|实施|组织|推进|推动|制定|编制|起草|执行|承担|统筹|协调|监督|督导|抓落实|落实到位|协同|抓总|完成|开展|工作|抓总|解释|协作|跟进|推行';
const PHRASE = new RegExp(`(?:${MANNER}){0,3}(?:(?:${DO})(?:${MANNER})?[、和]?(?=${DO}|${MANNER}|))(?:(?:${DO})|(?:${MANNER})){0,4}`, 'y');
const CORE: readonly (readonly [role: UnitRole, words: RegExp])[] = [
  ['lead', /牵头|主办|主责|总负责|负总责|为主|^统筹$/],
  ['guide', /指导|督导|监督/],
  ['support', /配合|协办|会办|参与|参加|协助|支持|协作|协同(?!负责|落实|实施)/],
  ['responsible', /负责|承办|落实|实施|执行|承担|抓|推进|推动|推行|跟进|完成|组织|统筹/],
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
    if (
      !MAY_BE_FOLLOWED.test(words) ||
      /^(?:单位|部门|机构|机关|人(?!员培)|领导|小组|组(?!织)|方(?![案面式法])|处(?!置|理)|中心|办(?!理|好)|地区|的|者|科(?!技)|室|会议)/.test(
        next,
      )
    )
      return null;
  }
  return { role: core[0], end, words };
}

/** 会同: those before it lead, those behind it support. */
const TOGETHER = /(?:会同|联同|会商|牵头会同|联合|协同|商)(?=[^,;。、)]{2})/y;
export function togetherAt(text: string, at: number): number {
  TOGETHER.lastIndex = at;
  const found = TOGETHER.exec(text);
  if (!found) return 0;
  if (found[0].length === 1 || /^(?:联合|协同)$/.test(found[0])) return 0;
  return found[0].length;
}

/** What units do to a thing that is named behind the verb: 完成事项梳理. */
const DOES =
  /(?:完成|制定|编制|起草|修订|出台|建立|建设|组建|新建|改建|扩建|成立|打造|开展|组织|推进|推动|落实|实施|做好|抓好)(?=[^,;。、)]{2})/y;
export function doesAt(text: string, at: number): boolean {
  DOES.lastIndex = at;
  return DOES.test(text);
}

/** The foot of a web page, which also says 主办 and 承办. */
export const WEB_FOOT = /版权所有|网站标识码|ICP备|公网安备|网站地图|copyright/i;

/** What a list says instead of a name. */
export const NOBODY = /^(?:无|暂无|以?下同|没有|待定|待明确|待确定|—+|-+|–+|－+|\/+|\\|×|N\/?A|None|none|nil|略)$/;
export const AS_ABOVE =
  /^(?:与上同|同上述|同上条|同前条|同上|同前|同上行|同上栏|〃|″|"|''|ditto|Ditto|as above|As above|same as above|Same as above)$/;
/** 等, and the general words behind it that name nobody. */
export const AND_OTHERS =
  /^等(?:(?:国务院|中央|省级?|市级?|县级?|区级?|直|属|有关|相关|各|各有关|各相关|职能|主管|行业|成员|其他|群团|社会|民间|人民|群众|金融|科研|新闻|企事业|国有|国资|民营|骨干|龙头|重点|大型|能源|[在驻][\u4e00-\u9fff]{1,2}|中直|\d{1,2}个?|[一二三四五六七八九十]{1,3}个?|家)*(?:部门|单位|部委|机构|组织|团体|院所|媒体|地方|地区|方面|企业|公司|集团|高校|院校|学校|医院|商会|协会|处室|市|县|区|地)?[和及、与]?){0,3}$|^等[^各和及与、省市县区国]{2,4}(?:企业|媒体|团体|运营商)$/;
