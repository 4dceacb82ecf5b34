import type { Language } from '@app/runtime/sentences.js';

/** What the command line says, in both languages; `{name}` is filled in. */
const WORDS = {
  'help.program': {
    zh: '督办：从政策文件读出责任清单，变成任务、待办、提醒和办理全程',
    en: 'Reads responsibility lists out of guidelines and tracks the work',
  },
  'help.up': { zh: '启动系统（首次启动会装入示范数据）', en: 'start the product (the first start loads demonstration data)' },
  'help.test': { zh: '运行全部检查和测试', en: 'run every check and test' },
  'help.tour': { zh: '在临时数据上走完一项任务的全过程', en: 'play the whole life of one task on throw-away data' },
  'help.import': { zh: '把文件导入正在运行的系统', en: 'import a document into the running product' },
  'help.read': { zh: '读出文件中的责任清单，不保存', en: 'read the lists out of a document without keeping anything' },
  'help.rebuild': { zh: '由事件重建一个视图（{views}）', en: 'rebuild a view from the events ({views})' },
  'help.doctor': { zh: '检查各部分是否正常', en: 'say what runs where and what is wrong' },
  'help.json': { zh: '以 JSON 输出，供程序读取', en: 'print JSON for programs' },
  'help.url': { zh: '系统地址', en: "the product's address" },
  'help.login': {
    zh: '登录名（密码取自 DUBAN_PASSWORD；或用 DUBAN_TOKEN 中的令牌）',
    en: 'the name to sign in with (password from DUBAN_PASSWORD; or a token from DUBAN_TOKEN)',
  },
  'help.empty': { zh: '不装入示范数据，只建立三个管理员账号', en: 'load no demonstration data, only the three administrators' },
  'help.exit': {
    zh: '退出码：0 正常，1 结果为否或未成功，2 用法不对。设置：PORT、HOST、DATABASE_URL、DATA_DIR、LOG_LEVEL、DUBAN_LANG（见 README）。',
    en: 'Exit codes: 0 fine, 1 the answer is no, 2 used wrongly. Settings: PORT, HOST, DATABASE_URL, DATA_DIR, LOG_LEVEL, DUBAN_LANG (see README).',
  },
  'up.starting-database': { zh: '正在启动数据库…', en: 'Starting the database…' },
  'up.starting': { zh: '正在启动服务…', en: 'Starting the server…' },
  'up.loading': { zh: '首次启动：正在装入示范数据…', en: 'First start: loading the demonstration data…' },
  'up.loaded': {
    zh: '已装入 {units} 家单位，导入并下发 {title}（{lists} 项清单）',
    en: 'Loaded {units} units, imported and issued {title} ({lists} lists)',
  },
  'up.ready': { zh: '督办已启动：{url}', en: 'Duban is up: {url}' },
  'up.accounts': {
    zh: '示范账号（密码都是 {password}，保存在 {file}）：',
    en: 'Demonstration accounts (all with the password {password}, kept in {file}):',
  },
  'up.stop': { zh: '按 Ctrl-C 停止；数据保存在 {dir}', en: 'Ctrl-C stops it; its data stays in {dir}' },
  'up.stopping': { zh: '正在停止…', en: 'Stopping…' },
  'up.stopped': { zh: '已停止。', en: 'Stopped.' },
  'file.unreadable': { zh: '无法读取 {file}：{reason}', en: '{file} cannot be read: {reason}' },
  'import.done': {
    zh: '已导入：{title}，{lists} 项清单，{unsure} 项待确认。查看：duban review show {id}',
    en: 'Imported: {title}, {lists} lists, {unsure} unsure. Look at it: duban review show {id}',
  },
  'door.refused': { zh: '未完成：{title}', en: 'Not done: {title}' },
  'door.needs-login': {
    zh: '请用 --login 指定登录名并在 DUBAN_PASSWORD 中给出密码，或在 DUBAN_TOKEN 中给出令牌。',
    en: 'Give --login and the password in DUBAN_PASSWORD, or a token in DUBAN_TOKEN.',
  },
  'door.unreachable': {
    zh: '{url} 没有应答：请先用 ./duban up 启动，或用 --url 指定地址。',
    en: '{url} does not answer: start it with ./duban up, or name its address with --url.',
  },
  'read.none': { zh: '没有读到责任清单。', en: 'No responsibility list was found.' },
  'read.sum': { zh: '{lists} 项清单 · {units} 家单位 · {unsure} 项待确认', en: '{lists} lists · {units} units · {unsure} unsure' },
  'read.unsure': { zh: '待确认：{reasons}', en: 'Unsure: {reasons}' },
  'rebuild.unknown': { zh: '没有名为 {view} 的视图；可选：{views}', en: 'There is no view named {view}; choose one of {views}' },
  'rebuild.progress': { zh: '已处理 {events} 个事件…', en: '{events} events…' },
  'rebuild.done': {
    zh: '视图 {view} 已由 {events} 个事件重建，用时 {seconds} 秒。',
    en: 'View {view} rebuilt from {events} events in {seconds} s.',
  },
  'rebuild.failed': { zh: '重建未完成，原视图保持不变：{reason}', en: 'The rebuild stopped and the old view stays: {reason}' },
  'doctor.fine': { zh: '一切正常。', en: 'Everything is fine.' },
  'doctor.wrong': { zh: '发现 {n} 个问题。', en: 'Found {n} problems.' },
  'doctor.disk': { zh: '{dir} 可用空间 {gb} GB', en: '{gb} GB free at {dir}' },
  'doctor.not-running': { zh: '未在端口 {port} 上运行', en: 'not running on port {port}' },
  'doctor.answers': { zh: '{url} 应答 {status}', en: '{url} answers {status}' },
  'doctor.database': { zh: 'PostgreSQL {version}，位于 {where}', en: 'PostgreSQL {version} at {where}' },
  'doctor.never-started': { zh: '尚未启动过：请运行 ./duban up', en: 'never started here: run ./duban up' },
  'doctor.migrations': { zh: '数据库结构不是最新：请用 ./duban up 启动一次', en: 'the tables are not up to date: start ./duban up once' },
  'doctor.head': { zh: '{store}，最新位置 {head}', en: '{store}, head {head}' },
  'doctor.current': { zh: '已是最新', en: 'up to date' },
  'doctor.parked': {
    zh: '{stream} 的事件无法处理（{error}），已搁置；修复后运行 ./duban rebuild {view}',
    en: 'the events of {stream} cannot be taken in ({error}) and are parked; mend it, then run ./duban rebuild {view}',
  },
  'doctor.behind': { zh: '尚未追上，位于 {position}', en: 'behind, at {position}' },
  'help.next': { zh: '作为该文件的新版本导入', en: 'import it as the next version of this guideline' },
  'help.review': { zh: '核对已导入文件的清单，改正后下发', en: 'look at the drafts of an imported document, correct and issue them' },
  'help.review.show': {
    zh: '列出清单及其在原文中的位置，待确认的排在最后',
    en: 'list the drafts with their place in the text, the unsure last',
  },
  'help.review.correct': { zh: '改正一项清单', en: 'correct a draft' },
  'help.review.units': { zh: '{role}单位，用顿号或逗号分隔', en: '{role} units, separated by commas' },
  'help.review.title': { zh: '任务名称', en: "the task's title" },
  'help.review.due': { zh: '完成时限，如 2026-12-31', en: 'the due date, such as 2026-12-31' },
  'help.review.reject': { zh: '去掉一项清单', en: 'reject a draft' },
  'help.review.reason': { zh: '理由', en: 'why' },
  'help.review.split': { zh: '把一项清单拆成几项', en: 'split a draft' },
  'help.review.part': {
    zh: '每一项的单位，如 "lead=省科技厅;support=省财政厅"',
    en: 'the units of each part, such as "lead=省科技厅;support=省财政厅"',
  },
  'help.review.merge': { zh: '把几项清单合并为一项', en: 'merge drafts' },
  'help.review.register': { zh: '把单位登记到名录', en: 'register a unit' },
  'help.review.kind': { zh: '单位类别', en: 'what kind of unit' },
  'help.review.issue': { zh: '下发', en: 'issue the guideline' },
  'review.registered': { zh: '已登记：{name}', en: 'Registered: {name}' },
  'review.issued': { zh: '已下发：{tasks} 项任务，{assignments} 项分工', en: 'Issued: {tasks} tasks, {assignments} assignments' },
  'difference.kept': { zh: '保留', en: 'kept' },
  'difference.changed': { zh: '有改动', en: 'changed' },
  'difference.new': { zh: '新增', en: 'new' },
  'difference.gone': { zh: '删去', en: 'gone' },
  'place.page': { zh: '第 {value} 页', en: 'page {value}' },
  'place.paragraph': { zh: '第 {value} 段', en: 'paragraph {value}' },
  'place.sheet': { zh: '工作表 {value}', en: 'sheet {value}' },
  'place.row': { zh: '第 {value} 行', en: 'row {value}' },
  'read.note': { zh: '注意：{note}', en: 'Note: {note}' },
  'role.lead': { zh: '牵头', en: 'lead' },
  'role.support': { zh: '配合', en: 'support' },
  'role.guide': { zh: '指导', en: 'guide' },
  'role.responsible': { zh: '责任', en: 'responsible' },
} as const satisfies Record<string, Record<Language, string>>;

export type Words = (code: keyof typeof WORDS, details?: Readonly<Record<string, string | number>>) => string;

export const wordsIn =
  (language: Language): Words =>
  (code, details = {}) =>
    WORDS[code][language].replace(/\{(\w+)\}/g, (placeholder, name: string) => String(details[name] ?? placeholder));
