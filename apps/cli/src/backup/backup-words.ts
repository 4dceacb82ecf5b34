import type { Language } from '@app/runtime/sentences.js';

/** What `backup` and `restore` say. */
export const BACKUP_WORDS = {
  'backup.exists': {
    zh: '{file} 已经存在：请另起文件名，旧备份不会被覆盖。',
    en: '{file} is there already: choose another name; no backup is overwritten.',
  },
  'backup.migrations': {
    zh: '数据库结构不是最新，没有备份：请用 ./duban up 启动一次。',
    en: 'Nothing was backed up, because the tables are not up to date: start ./duban up once.',
  },
  'backup.progress': { zh: '已写入 {events} 个事件…', en: '{events} events written…' },
  'backup.done': {
    zh: '已备份到 {file}：{events} 个事件，校验值 {hash}，用时 {seconds} 秒。',
    en: 'Backed up to {file}: {events} events, hash {hash}, in {seconds} s.',
  },
  'backup.failed': { zh: '备份未完成，没有留下文件：{reason}', en: 'The backup stopped and left no file: {reason}' },
  'backup.not-one': { zh: '{file} 不是督办的备份文件。', en: '{file} is no backup of Duban.' },
  'backup.newer': {
    zh: '{file} 由更新的版本 {version} 写成：请用该版本或更新的版本恢复。',
    en: '{file} was written by the newer version {version}: restore it with that one or a later one.',
  },
  'backup.cut-off': {
    zh: '{file} 不完整，后面的部分缺失；没有恢复任何内容：请换用另一份备份。',
    en: '{file} is cut off, its end is missing; nothing was restored: take another backup.',
  },
  'backup.damaged': {
    zh: '{file} 已损坏，内容与校验值不符；没有恢复任何内容：请换用另一份备份。',
    en: '{file} is damaged, its content does not match its hash; nothing was restored: take another backup.',
  },
  'restore.reading': { zh: '正在检查备份：{lines} 行…', en: 'checking the backup: {lines} lines…' },
  'restore.progress': { zh: '已恢复 {events} / {of} 个事件…', en: '{events} of {of} events restored…' },
  'restore.building': { zh: '事件已恢复并核对，正在重建视图…', en: 'the events are restored and agree; building the views…' },
  'restore.done': {
    zh: '已恢复 {at} 的备份：{events} 个事件，数量和校验值一致，视图已重建，用时 {seconds} 秒。所有人需重新登录。',
    en: 'Restored the backup of {at}: {events} events, count and hash agree and the views are built, in {seconds} s. Everybody signs in again.',
  },
  'restore.not-empty': {
    zh: '这里已有数据，没有恢复任何内容：请恢复到空的 DATA_DIR，或空的 DATABASE_URL 和 EVENT_STORE_URL。',
    en: 'There is data here already, and nothing was restored: restore into an empty DATA_DIR, or an empty DATABASE_URL and EVENT_STORE_URL.',
  },
  'restore.running': {
    zh: '系统正在这个数据库上运行，没有恢复任何内容：请先停止它。',
    en: 'The product runs on this database, and nothing was restored: stop it first.',
  },
  'restore.other': {
    zh: '这里有另一份备份尚未恢复完：请用那份文件继续，或恢复到另一个空的安装。',
    en: 'The restore of another backup was cut off here: go on with that file, or restore into another empty installation.',
  },
  'restore.differs': {
    zh: '恢复后核对不符：应有 {events} 个事件，实有 {found} 个。系统不会在此启动；请恢复到另一个空的安装。',
    en: 'What was restored is not what the backup holds: {found} events instead of {events}, or others. The product does not start on it; restore into another empty installation.',
  },
  'restore.stopped': {
    zh: '恢复中断（{reason}）：处理后再次运行 ./duban restore {file}，从中断处继续；在此之前系统不会启动。',
    en: 'The restore stopped ({reason}): mend it and run ./duban restore {file} again, which goes on; the product does not start before.',
  },
} as const satisfies Record<string, Record<Language, string>>;
