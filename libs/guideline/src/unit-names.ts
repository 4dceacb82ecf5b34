/**
 * What names of units look like. All functions take folded text (see text-view) without spaces.
 * Only general endings and titles stand here, no unit by name: a name nobody has heard of is found by its ending.
 */

/** Endings that few other words have. */
const FIRM =
  '人民政府 政府 行政公署 行署 委员会 发改委 改革委 办公厅 办公室 管委会 管理委 总局 分局 局 厅 署 部 委 办 院 府 法院 检察院 党组 党委 党工委 人大 人大常委会 政协 工会 总工会 妇联 团委 残联 科协 文联 社科联 工商联 侨联 作协 记协 贸促会 红十字会 供销社 总社 海关 总队 支队 大队 银行 分行 支行 中心支行 有限公司 责任公司 股份公司 分公司 供电公司 总公司 集团公司 大学 监会 监管会 领导小组 指挥部 推进组 工作组 专班 联席会议 组委会 组委 督查室 兵团 军区 警备区 军分区 电视台 总台 党校 编办 台办 侨办 研究室 参事室 档案馆 地方志';
/** Endings of units and of much else. */
const LOOSE =
  '股 司 中心 公司 集团 大学 学院 学校 研究院 研究所 实验室 院校 所 站 会 协会 学会 联合会 商会 促进会 基金会 基金 队 组 室 处 科 社 馆 园 区 市 县 州 盟 旗 镇 乡 街道 办事处 村 社区 开发区 园区 新区 高新区 经开区 企业 台 报 行 联 厂 港 机关 机构 部门 单位 主体 段 场 银行业 运营商 电网 联盟 平台 学部 管理处 省 自治区 直辖市 特区 兵团 系统 高校 基地 中央 党中央';

/** Endings by their last character, so that most names are told by a look at it. */
function byLast(words: string): ReadonlyMap<string, string[]> {
  const endings = new Map<string, string[]>();
  for (const ending of words.split(' ')) endings.set(ending.slice(-1), [...(endings.get(ending.slice(-1)) ?? []), ending]);
  return endings;
}
const FIRM_ENDINGS = byLast(FIRM);
const LOOSE_ENDINGS = byLast(LOOSE);
const endsIn = (name: string, endings: ReadonlyMap<string, string[]>): boolean =>
  endings.get(name.charAt(name.length - 1))?.some((ending) => name.endsWith(ending)) ?? false;

/** Words that end like a unit and are none. */
const NOT_UNITS =
  /^(?:牵头|主办|责任|负责|配合|协办|参与|指导|督导)(?:单位|部门|机关|机构)$|(?:全|内|外|干|西|东|中|南|北|局|大|细|底|顶|头|腹|一|各)部$|^总部$|(?:布|格|全|大|开|结|时|当)局$|(?:举|主|开|承|督|协|创|兴|申|筹|会)办$|^(?:交|转|督查交|督查督)办$|(?:客|展|餐|大|舞)厅$|部署$|署名$|(?:机|社|大|晚|盛|博览|展览|交易|推介|研讨|座谈|论坛|运动|峰|年)会$|^(?:部委|编委|常委)$|^.{0,2}(?:控|参|入|持|炒|个|新|配|退)股$|(?:出|来|加快|推|流|发|执|进|运|试|先)行$|(?:场|住|厕|诊|处)所$|^(?:其中|以上|上述|本条|本项)/;

/** 中国 and two characters: companies of the state by their short names. */
const STATE_COMPANY = /^中国(?!特色|制造|方案|经济|市场|人民|公民|企业|标准|品牌|式|政府|智造|国际)[\u4e00-\u9fff]{2}$/;

/** How names begin that stand for many. */
const MANY =
  /^(?:各(?![项类种个自])|全体|所有|有关|相关|其他|其它|国务院各|国务院有关|国务院相关|省直各|市直各|县直各|区直各)|^(?:省|市|县|区|州|镇|乡|国务院|中央|自治区)?(?:级|直|属)?(?:各|有关|相关|其他)|(?:省|市|县|区|州)直(?:有关|相关|各)|各(?:有关|相关)?(?:单位|部门|地区|地方|市|县|区|州|街道|乡镇|镇|成员)|^(?:试点|示范|属地|当地|所在|沿线|沿江|沿海|地方|事发|涉及|基层).*(?:政府|地区|单位|部门|市|县|区|城市|机构|乡镇|镇街|街镇|镇|街道|村)$|^(?:市|县|区|乡|镇|省|自治区|自治州|直辖市|计划单列市|地级市|县级市|设区的?市)[、及和与(市县区州)]{1,9}.*政府(?:[\u4e00-\u9fff]{2,8}[局处])?$|^(?:直辖市|自治区|自治州|计划单列市|地级市|县级市|设区的?市)(?:人民)?政府$|^(?:省|市|县|区|乡|镇)(?:级|级以上)(?:地方)?(?:各级)?人民政府|^(?:省|市|县|区|乡|镇){2,5}(?:级)?(?:人民)?政府|成员单位$|牵头单位$|责任单位$|配合单位$|^地方(?:各级)?(?:人民)?政府|^(?:政府)?(?:职能|主管|监管)部门$/;

/** How such names end. */
const MANY_END =
  /(?:政府|党委|党组|部门|单位|机关|机构|组织|团体|企业|公司|集团|银行|媒体|平台|主体|基地|项目|成员|专班|学校|院校|高校|学院|大学|医院|院所|商户|协会|商会|中心|方面|各方|地方|地区|社区|园区|市区|[省市县区州盟旗师团镇乡街道村地局厅委办部署处科室所站队组会院校家企]|\))$/;

/** Words of a sentence, which no name contains. */
const SENTENCE =
  /[。;:!?"<>=]|以下|此项|该项|(?<!自)由|中$|简称|下同|包括|例如|等于|本(?:意见|方案|通知|措施|办法)|进一步|加快|的基础上|应当|不得|必须|将会|^(?:个(?!体)|含|见|即|如|详见|原(?!住民)|不含|除|注|指|或|按|经(?![济信贸发开管])|对|把|将|向|从|以|为|在|是|有(?!关)|做|开展|完善|推进|推动|建立|加强|支持|鼓励|组织实施)/;

export type Kind = 'firm' | 'loose' | 'many';

/** Whether these words are the name of a unit: surely, perhaps, of many at once; null when they are not, as far as endings tell. */
export function kindOf(words: string): Kind | null {
  const name = withoutTail(words);
  if (name.length < 2 || name.length > 36) return null;
  if (SENTENCE.test(words) || NOT_UNITS.test(name)) return null;
  if (MANY.test(name)) return MANY_END.test(name) && !/\d[.、]/.test(name) ? 'many' : null;
  if (endsIn(name, FIRM_ENDINGS)) return 'firm';
  return endsIn(name, LOOSE_ENDINGS) || STATE_COMPANY.test(name) ? 'loose' : null;
}

/** Endings of what is a part of the unit before it: 市公安局交警支队. */
const PART =
  /(?:分局|总局|管理局|监管局|监察局|督察局|税务局|总队|支队|大队|专员办|办公室|委员会|中心|分行|支行|法院|检察院|党组|党委|工会|团委|妇联|组委|办)$/;

/** Whether this may be two names that nothing parts: 教育局财政局. */
export function mayBeTwo(name: string): boolean {
  if (isJoined(name)) return true;
  const inner = /^(.{1,14}?(?<!总)[局厅])((?![(驻直]).{2,})$/.exec(withoutTail(name));
  return inner !== null && kindOf(inner[1]!) === 'firm' && kindOf(inner[2]!) === 'firm' && !PART.test(inner[2]!);
}

/** 实验中心和检测站: one name or two, where what stands before «和» might be a whole one. */
const isJoined = (name: string): boolean =>
  [...name.matchAll(/[和及与]/g)].some(
    ({ index }) => index > 2 && kindOf(name.slice(0, index)) === 'loose' && kindOf(name.slice(index + 1)) !== null,
  );

/** A name without the bracket behind it, which says more about it: 省市场监管局(省知识产权局), 市政府办公室(督查室). */
export function withoutTail(name: string): string {
  if (!name.endsWith(')')) return name;
  const open = name.lastIndexOf('(');
  return open > 1 ? name.slice(0, open) : name;
}

/** Surnames that begin few other words which stand in a bracket behind a unit. */
const SURNAME =
  '王李张刘陈杨赵黄周吴徐孙胡朱何郭罗梁宋郑谢韩唐冯于董萧曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛阎余潘杜戴夏钟汪姜范姚谭廖邹熊郝孔崔邱秦侯邵孟雷钱汤尹黎贺赖龚';
const PERSON = new RegExp(
  `\\((?:[^()]*(?:联系人|联系电话|电话|手机|\\d{7,})[^()]*|[^()]{1,8}(?:长|主任|书记|主席):[^()]{2,8}|[${SURNAME}][\\u4e00-\\u9fff]{1,2})\\)$`,
);

/** A person right behind a unit, where a layout's space is gone: 市住建局张某, 市住建局局长张某. */
const PERSON_BEHIND = new RegExp(
  `(?:(?:党组|党委)?(?:副?(?:局长|主任|书记|处长|科长|院长|校长|部长|县长|区长|镇长|乡长)))?[${SURNAME}][\\u4e00-\\u9fff]{1,2}$`,
);

/** A name without the person behind it: 市水利局(联系人:张某,电话:…), 市住建局(李某), 市住建局李某. */
export function withoutPerson(name: string): string {
  const found = PERSON.exec(name);
  if (found && kindOf(found[0].slice(1, -1)) === null && found.index > 1) return name.slice(0, found.index);
  const behind = kindOf(name) === null ? PERSON_BEHIND.exec(name) : null;
  return behind && kindOf(name.slice(0, behind.index)) === 'firm' ? name.slice(0, behind.index) : name;
}

/** Kinds of places in a row, with nothing that says which: 市、县(市、区)人民政府 */
const PLACES =
  /^(?:各|有关|相关|各有关|各相关)*(?:省直管县|省|自治区|直辖市|计划单列市|地级以上市|地级市|省辖市|设区的?市|县级市|市辖区|自治州|自治县|自治旗|地区|乡镇|街道|镇街|街镇|开发区|园区|功能区|新区|管委会|市|县|区|州|盟|旗|镇|乡|师|团场|\([省市县区州盟旗镇乡街道、,自治兵团师]{1,12}\)){1,6}/;
const GOVERNMENT =
  /^(?:(?:级)?(?:人民)?政府(?:[\u4e00-\u9fff]{2,8}[局处])?|行政公署|行署|管委会|管理委员会|办事处|党委|党工委|党委和政府|党委政府|党委、政府|有关部门|相关部门|有关单位|相关单位|主管部门|部门)?(?:\([^()]{1,8}\))?$/;

const LOWER_DEPARTMENT = /^(?:[县区]|县区|区县|县\([市、区]{1,3}\))(?!域)[\u4e00-\u9fff]{2,10}(?:局|委|委员会)$/;

/** Whether a name that goes on behind its 、 may begin so: 各市(、县人民政府), 各区(、县级市), 市(、县政府). */
export function opensPlaces(words: string): boolean {
  const many = words.search(/各|有关|相关|试点/);
  if (many > 12) return false;
  return onlyPlaces(
    many < 0
      ? words
      : words
          .slice(many)
          .replace(/^试点/, '各')
          .replace(/(?<=各)(?:边境|沿边|沿江|沿海|试点|重点|涉农)/, ''),
    many < 0 ? /^(?:[省市县区州镇乡]|自治区|自治州|直辖市|计划单列市|地级市|县级市|设区的?市)$/ : /$/,
  );
}

/** Whether these words carry such a name on: 县人民政府, 县级市, 自治区. */
export function carriesOn(words: string, before: string): boolean {
  if (/(?:党委|[市县区州盟旗乡镇)]委)$/.test(before))
    return /^[市县区州盟旗乡镇]?(?:人民)?政府(?:\([^()]{1,16}\))?$/.test(words) && !/^[省市县区州]委$/.test(before);
  // 各盟行政公署、市人民政府
  if (/(?:公署|行署)$/.test(before)) return /^[市县]人民政府$/.test(words);
  if (/(?:政府|部门|单位|委员会|委|处)$/.test(before)) return false;
  // 各市、县(区)财政局: the departments of all of them.
  if (/^各(?:设区的?|地级以上|地级)?市$/.test(before) && LOWER_DEPARTMENT.test(words)) return true;
  const places = PLACES.exec(words);
  return places !== null && !/^(?:各|有关|相关)/.test(words) && GOVERNMENT.test(words.slice(places[0].length));
}

function onlyPlaces(words: string, alone: RegExp): boolean {
  const places = PLACES.exec(words);
  return places !== null && places[0].length === words.length && alone.test(words);
}

/** Names that may be none and yet are never the first half of one: 渠务处(和救护队), 律师协会(及公证处). */
const WHOLE = /[\u4e00-\u9fff]{2}(?:处|队|协会|学会)$/;

/** Whether «和» between these words parts two names (省发展改革委和省财政厅), not the halves of one (工业和信息化厅). */
export function partsNames(before: string, behind: string): boolean {
  const left = kindOf(before);
  if (left === null || (left === 'loose' && !WHOLE.test(before))) return false;
  if (before.endsWith('党委') && /^(?:人民)?政府/.test(behind)) return false;
  // 各直辖市及县(市)政府
  if (opensPlaces(before) && carriesOn(behind, before)) return false;
  if (/^(?:单位|部门|机构|企业|组织|团体|个人|人员)$/.test(behind)) return false;
  // 财政部及所属各机关
  if (/^(?:其?所属|其?下属|其直属)/.test(behind)) return false;
  const name = behind.split(/[和及与、,]/, 1)[0]!;
  return kindOf(behind) !== null || kindOf(name) !== null;
}

const LEVELS = ['省委', '市委', '县委', '区委', '省', '市', '县', '区', '州', '自治区'] as const;
/** Endings of departments that every level has, so that 省科技厅、财政厅 drops a «省». */
const DEPARTMENT: Readonly<Record<string, RegExp>> = {
  省: /(?:厅|局|委|办|委员会)$/,
  自治区: /(?:厅|局|委|办|委员会)$/,
  市: /(?:局|委|办|委员会)$/,
  县: /(?:局|委|办|委员会)$/,
  区: /(?:局|委|办|委员会)$/,
  州: /(?:局|委|办|委员会)$/,
  省委: /^(?:组织|宣传|统战|政法|网信|社会工作|编)(?:部|委|办)$/,
  市委: /^(?:组织|宣传|统战|政法|网信|社会工作|编)(?:部|委|办)$/,
  县委: /^(?:组织|宣传|统战|政法|网信|社会工作|编)(?:部|委|办)$/,
  区委: /^(?:组织|宣传|统战|政法|网信|社会工作|编)(?:部|委|办)$/,
};
/** A name that says whose it is, or that no province or city has: it drops nothing. */
const PLACED =
  /^(?:各|国(?![资土])|中|全|团|省|市|县|区|州|盟|旗|自治|北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|长江|黄河|华[东南北中])|[省市县区州盟旗]|分局|银监|证监局|金融监管局|水利委员会|流域|海关|铁路|民航|税务|海事|供电|总局|银行|分行|监管局|管理局|证监|银保监|金监|气象|邮政|烟草|地震|测绘|通信/;

/** Whether this is the name of a department that says neither whose it is nor at which level. */
export const mayLackPrefix = (name: string): boolean =>
  name.length > 2 && name.length <= 12 && !PLACED.test(name) && kindOf(name) === 'firm' && /[厅局委办]$/.test(name);

/** The prefix that a name dropped because the one before it has it: 省科技厅、财政厅 → 省. Null when it dropped none, or one cannot tell. */
export function droppedPrefix(name: string, before: readonly string[]): string | null {
  if (PLACED.test(name) || name.length > 12) return null;
  for (let i = before.length - 1; i >= 0; i--) {
    const level = before[i]!.startsWith('市场') ? undefined : LEVELS.find((prefix) => before[i]!.startsWith(prefix));
    if (!level || kindOf(before[i]!) === 'many') continue;
    if (DEPARTMENT[level]!.test(name)) return level;
    const government = level.charAt(0);
    return level.endsWith('委') && DEPARTMENT[government]?.test(name) && !DEPARTMENT[level]!.test(name) ? government : null;
  }
  return null;
}
