export type Language = 'zh' | 'en';

/** What the product says to whoever starts it: one sentence that names the trouble and what to do. `{name}` is filled from the details. */
export const sentences = {
  'postgres.version': {
    zh: '数据目录 {dir} 属于 PostgreSQL {found}，本版本自带 PostgreSQL {wanted}：请用 DATA_DIR 指定另一个目录，或换回创建它的版本。',
    en: 'The data folder {dir} belongs to PostgreSQL {found}, this version brings PostgreSQL {wanted}: set DATA_DIR to another folder, or go back to the version that made it.',
  },
  'postgres.disk-full': {
    zh: '{dir} 所在磁盘已满：请腾出至少 200 MB 空间后再启动。',
    en: 'The disk that holds {dir} is full: free at least 200 MB there and start again.',
  },
  'postgres.no-permission': {
    zh: '用户 {user} 无权使用 {path}：请用该目录的所有者运行，或用 DATA_DIR 指定可写的目录。',
    en: 'User {user} may not use {path}: run as its owner, or set DATA_DIR to a folder that {user} may write to.',
  },
  'postgres.port-taken': {
    zh: '端口 {port} 已被其他程序占用，数据库无法监听：请停止该程序或换一个端口。',
    en: 'Port {port} is taken by another program, so the database cannot listen there: stop that program or choose another port.',
  },
  'postgres.no-user': {
    zh: 'PostgreSQL 不能以 root 运行，而系统用户 postgres 无法创建（{reason}）：请执行 useradd --system postgres，或以普通用户运行。',
    en: 'PostgreSQL does not run as root and the system user postgres could not be made ({reason}): run useradd --system postgres, or start as an ordinary user.',
  },
  'postgres.no-binaries': {
    zh: '没有适用于 {platform} 的内置 PostgreSQL：请用 DATABASE_URL 指定已有的 PostgreSQL 18。',
    en: 'There is no embedded PostgreSQL for {platform}: set DATABASE_URL to a PostgreSQL 18 of your own.',
  },
  'postgres.failed': {
    zh: 'PostgreSQL 未能启动（{reason}）：请查看日志 {log}，处理后再启动。',
    en: 'PostgreSQL did not start ({reason}): read its log {log}, mend what it names and start again.',
  },
  'progress.making-data': {
    zh: '首次启动：正在 {dir} 创建 PostgreSQL {version} 数据库…',
    en: 'First start: making a PostgreSQL {version} data folder in {dir}…',
  },
  'progress.copying-programs': {
    zh: '用户 {user} 无法运行 {from} 中的 PostgreSQL，正在复制到 {to}…',
    en: 'User {user} cannot run the PostgreSQL in {from}; copying it to {to}…',
  },
  'progress.data-elsewhere': {
    zh: '用户 {user} 无法进入 {dir} 所在的目录，数据实际存放在 {real}（{dir} 是指向它的链接）。',
    en: 'User {user} cannot enter the folder of {dir}, so the data lies in {real} ({dir} is a link to it).',
  },
  'progress.set-aside': {
    zh: '{path} 不是完整的数据目录，或已不再使用；未删除，已改名为 {aside}。',
    en: '{path} is not a whole data folder, or nothing leads to it any more; nothing was deleted, it is now {aside}.',
  },
  'progress.recovering': {
    zh: '数据库上次未正常关闭，正在恢复…',
    en: 'The database did not end cleanly last time; recovering…',
  },
  'configuration.port': {
    zh: '环境变量 {name} 的值是“{given}”：应为 0 到 65535 之间的整数。',
    en: 'The environment variable {name} is "{given}": it has to be a whole number from 0 to 65535.',
  },
  'configuration.host': {
    zh: '环境变量 {name} 的值是“{given}”：应为主机名或 IP 地址，例如 127.0.0.1 或 0.0.0.0。',
    en: 'The environment variable {name} is "{given}": it has to be a host name or an IP address, such as 127.0.0.1 or 0.0.0.0.',
  },
  'configuration.postgres-url': {
    zh: '环境变量 {name} 的值是“{given}”：应为 postgres://用户:密码@主机:端口/数据库。',
    en: 'The environment variable {name} is "{given}": it has to be postgres://user:password@host:port/database.',
  },
  'configuration.queue-url': {
    zh: '环境变量 {name} 的值是“{given}”：应为 postgres://用户:密码@主机:端口/数据库，或 redis://用户:密码@主机:端口/库号（TLS 用 rediss://），经 Sentinel 时用 redis+sentinel://用户:密码@主机:端口,主机:端口/主节点名/库号（TLS 用 rediss+sentinel://）。',
    en: 'The environment variable {name} is "{given}": it has to be postgres://user:password@host:port/database, or redis://user:password@host:port/number (rediss:// with TLS), or through Sentinels redis+sentinel://user:password@host:port,host:port/master-name/number (rediss+sentinel:// with TLS).',
  },
  'configuration.event-store-url': {
    zh: '环境变量 {name} 的值是“{given}”：应为 postgres://…、esdb://主机:端口?tls=false、esdb+discover://… 或 kurrentdb://…。',
    en: 'The environment variable {name} is "{given}": it has to be postgres://…, esdb://host:port?tls=false, esdb+discover://… or kurrentdb://….',
  },
  'configuration.log-level': {
    zh: '环境变量 {name} 的值是“{given}”：应为 trace、debug、info、warn、error、fatal 或 silent。',
    en: 'The environment variable {name} is "{given}": it has to be trace, debug, info, warn, error, fatal or silent.',
  },
  'configuration.language': {
    zh: '环境变量 {name} 的值是“{given}”：应为 zh 或 en。',
    en: 'The environment variable {name} is "{given}": it has to be zh or en.',
  },
  'queue.evicts': {
    zh: 'QUEUE_URL 指向的 {queue} 在内存不足时会丢弃任务（maxmemory-policy 为 {policy}）：请将其设为 noeviction，或换用另一个 Redis，或删去 QUEUE_URL 改用 PostgreSQL。',
    en: 'The Redis of QUEUE_URL, {queue}, throws jobs away when memory is short (maxmemory-policy {policy}): set it to noeviction, use another Redis, or unset QUEUE_URL to use PostgreSQL.',
  },
  'queue.not-kept': {
    zh: 'QUEUE_URL 指向的 {queue} 重启后会丢失任务（未启用 AOF）：提醒不会丢失，但可能迟到一分钟；可设 appendonly yes。',
    en: 'The Redis of QUEUE_URL, {queue}, forgets its jobs when it restarts (AOF is off): no reminder is lost, but some may be a minute late; set appendonly yes to avoid it.',
  },
  'up.port-taken': {
    zh: '端口 {port} 已被占用：请停止占用它的程序，或换一个端口启动，例如 PORT=3001 ./duban up。',
    en: 'Port {port} is taken: stop the program that uses it, or start on another one, such as PORT=3001 ./duban up.',
  },
  'up.port-forbidden': {
    zh: '当前用户不能使用端口 {port}：请换一个 1024 以上的端口，例如 PORT=3000 ./duban up。',
    en: 'This user may not use port {port}: take one above 1024, such as PORT=3000 ./duban up.',
  },
  'up.host-unknown': {
    zh: '本机没有地址 {host}（HOST）：请改为 127.0.0.1，或 0.0.0.0 表示全部地址。',
    en: 'This machine has no address {host} (HOST): use 127.0.0.1, or 0.0.0.0 for all of them.',
  },
  'up.running': {
    zh: '督办已在 {dir} 上运行（进程 {pid}）：请直接使用，或先按 Ctrl-C（kill {pid}）停止它。',
    en: 'Duban already runs on {dir} (process {pid}): use that one, or stop it first with Ctrl-C (kill {pid}).',
  },
} as const satisfies Record<string, Record<Language, string>>;

export type SentenceCode = keyof typeof sentences;
export type SentenceDetails = Readonly<Record<string, string | number>>;

/** A placeholder without a detail stays as it is written, so that a mistake shows instead of hiding. */
export const sentence = (code: SentenceCode, details: SentenceDetails, language: Language): string =>
  sentences[code][language].replace(/\{(\w+)\}/g, (placeholder, name: string) => String(details[name] ?? placeholder));

/** Says one sentence to whoever waits. */
export type Tell = (code: SentenceCode, details: SentenceDetails) => void;

/** DUBAN_LANG, else an English LANG, else Chinese. */
export const languageOf = ({ DUBAN_LANG, LANG }: Readonly<Record<string, string | undefined>>): Language =>
  (DUBAN_LANG || LANG || '').toLowerCase().startsWith('en') ? 'en' : 'zh';
