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
    zh: '环境变量 {name} 的值是“{given}”：应为 postgres://用户:密码@主机:端口/数据库，或 redis://用户:密码@主机:端口/库号（TLS 用 rediss://），经 Sentinel 时用 redis+sentinel://用户:密码@主机:端口,主机:端口/主节点名/库号（TLS 用 rediss+sentinel://）；几个地区共用一个 Redis 时在末尾加 ?namespace=名称（小写字母、数字、下划线）。',
    en: 'The environment variable {name} is "{given}": it has to be postgres://user:password@host:port/database, or redis://user:password@host:port/number (rediss:// with TLS), or through Sentinels redis+sentinel://user:password@host:port,host:port/master-name/number (rediss+sentinel:// with TLS); provinces that share a Redis end it with ?namespace=name (small letters, digits, underscores).',
  },
  'configuration.event-store-url': {
    zh: '环境变量 {name} 的值是“{given}”：应为 postgres://…、esdb://主机:端口?tls=false、esdb+discover://… 或 kurrentdb://…；几个地区共用一个事件库时加 namespace=名称（小写字母、数字、下划线）。',
    en: 'The environment variable {name} is "{given}": it has to be postgres://…, esdb://host:port?tls=false, esdb+discover://… or kurrentdb://…; provinces that share one add namespace=name (small letters, digits, underscores).',
  },
  'configuration.log-level': {
    zh: '环境变量 {name} 的值是“{given}”：应为 trace、debug、info、warn、error、fatal 或 silent。',
    en: 'The environment variable {name} is "{given}": it has to be trace, debug, info, warn, error, fatal or silent.',
  },
  'configuration.language': {
    zh: '环境变量 {name} 的值是“{given}”：应为 zh 或 en。',
    en: 'The environment variable {name} is "{given}": it has to be zh or en.',
  },
  'store.unreachable': {
    zh: 'EVENT_STORE_URL 指向的事件库没有应答（{reason}）：请确认它已启动、地址无误；证书由自建机构签发时，在地址中加 tlsCAFile=该机构的证书文件。',
    en: 'The event store of EVENT_STORE_URL does not answer ({reason}): make sure that it runs and that the address is right; for a certificate of your own authority, add tlsCAFile=its file to the address.',
  },
  'store.refused': {
    zh: 'EVENT_STORE_URL 指向的事件库拒绝了连接（{reason}）：请检查其中的用户名和密码，以及该用户读写事件流的权限。',
    en: 'The event store of EVENT_STORE_URL does not let us in ({reason}): check the user and password in it, and that this user may read and write streams.',
  },
  'store.bad-address': {
    zh: 'EVENT_STORE_URL 无法使用（{reason}）：请检查地址，以及 tlsCAFile 等指明的证书文件是否存在。',
    en: 'EVENT_STORE_URL cannot be used ({reason}): check the address, and that the certificate files which it names, such as tlsCAFile, are there.',
  },
  'store.not-ours': {
    zh: 'EVENT_STORE_URL 指向的事件库（{store}）里没有本数据库已处理的事件 {stream} 第 {revision} 号：请改回原来的事件库，或先用 ./duban migrate-store 把事件搬过去。',
    en: 'The event store of EVENT_STORE_URL ({store}) does not hold event {revision} of {stream}, which this database has handled: name the store of before, or move the events there first with ./duban migrate-store.',
  },
  'queue.evicts': {
    zh: 'QUEUE_URL 指向的 {queue} 在内存不足时会丢弃任务（maxmemory-policy 为 {policy}）：请将其设为 noeviction，或换用另一个 Redis，或删去 QUEUE_URL 改用 PostgreSQL。',
    en: 'The Redis of QUEUE_URL, {queue}, throws jobs away when memory is short (maxmemory-policy {policy}): set it to noeviction, use another Redis, or unset QUEUE_URL to use PostgreSQL.',
  },
  'queue.not-kept': {
    zh: 'QUEUE_URL 指向的 {queue} 重启后会丢失任务（未启用 AOF）：提醒不会丢失，但可能迟到一分钟；可设 appendonly yes。',
    en: 'The Redis of QUEUE_URL, {queue}, forgets its jobs when it restarts (AOF is off): no reminder is lost, but some may be a minute late; set appendonly yes to avoid it.',
  },
  'queue.refused': {
    zh: 'QUEUE_URL 指向的 {queue} 拒绝了连接（{reason}）：请检查其中的用户名和密码；证书由自建机构签发时，请用 NODE_EXTRA_CA_CERTS 指明该机构的证书文件。',
    en: 'The Redis of QUEUE_URL, {queue}, does not let us in ({reason}): check the user and password in it; for a certificate of your own authority, name its file in NODE_EXTRA_CA_CERTS.',
  },
  'restore.unfinished': {
    zh: '有一次恢复尚未完成：请用同一文件再次运行 ./duban restore，完成后再启动。',
    en: 'A restore was cut off here: run ./duban restore with the same file again, then start.',
  },
  'store.shorter': {
    zh: '事件库只到 {head}，而 {name} 已处理到 {position}：事件库恢复到了更早的状态，此后的事件会被漏掉。请把数据库也恢复到不晚于事件库的时刻（见 docs/operations.md），再启动。',
    en: 'The event store ends at {head}, but {name} has read up to {position}: the store was put back to an earlier state, and what is recorded from now on would be missed. Put the database back to no later a moment as well (see docs/operations.md), then start.',
  },
  'listen.port-taken': {
    zh: '端口 {port} 已被占用：请停止占用它的程序，或用 PORT 换一个端口，例如 PORT=3001。',
    en: 'Port {port} is taken: stop the program that uses it, or choose another one with PORT, such as PORT=3001.',
  },
  'listen.port-forbidden': {
    zh: '当前用户不能使用端口 {port}：请用 PORT 换一个 1024 以上的端口，例如 PORT=3000。',
    en: 'This user may not use port {port}: take one above 1024, such as PORT=3000.',
  },
  'listen.host-unknown': {
    zh: '本机没有地址 {host}（HOST）：请改为 127.0.0.1，或 0.0.0.0 表示全部地址。',
    en: 'This machine has no address {host} (HOST): use 127.0.0.1, or 0.0.0.0 for all of them.',
  },
  'file.is-folder': {
    zh: '{path} 应是文件，却是一个文件夹：请移走它后重试。',
    en: '{path} is a folder where a file has to be: move it away and try again.',
  },
  'file.not-folder': {
    zh: '{path} 应在文件夹之中，其上级却是一个文件：请移走该文件后重试。',
    en: '{path} has a file above it where a folder has to be: move that file away and try again.',
  },
  'file.failed': {
    zh: '无法使用 {path}（{reason}）：请处理后重试。',
    en: '{path} cannot be used ({reason}): mend that and try again.',
  },
  'database.unreachable': {
    zh: '{where} 没有应答（{reason}）：请确认服务器已启动，DATABASE_URL、EVENT_STORE_URL 和 QUEUE_URL 中的地址无误。',
    en: '{where} does not answer ({reason}): make sure that the server runs and that DATABASE_URL, EVENT_STORE_URL and QUEUE_URL name the right place.',
  },
  'database.refused': {
    zh: 'PostgreSQL 拒绝了连接（{reason}）：请检查 DATABASE_URL 或 EVENT_STORE_URL 中的用户、密码和库名。',
    en: 'PostgreSQL does not let us in ({reason}): check the user, the password and the database in DATABASE_URL or EVENT_STORE_URL.',
  },
  'start.no-database': {
    zh: 'DATABASE_URL 未设置：单独运行 {name} 需要一个 PostgreSQL，例如 DATABASE_URL=postgres://用户:密码@主机:5432/库名。',
    en: 'DATABASE_URL is not set: {name} alone needs a PostgreSQL of yours, such as DATABASE_URL=postgres://user:password@host:5432/database.',
  },
  'start.unknown-word': {
    zh: '{name} 不认识“{word}”：它没有参数，用环境变量设置；见 --help。',
    en: '{name} does not know "{word}": it takes no arguments and is set by environment variables; see --help.',
  },
  'start.unforeseen': {
    zh: '出现了未预料的错误：{reason}。请把下面几行连同所做的操作一起反馈。',
    en: 'Something went wrong that was not foreseen: {reason}. Please report it with the lines below and what you did.',
  },
  'stop.again': {
    zh: '再次收到停止信号：立即结束，未完成的请求被中断（已应答的都已保存）。',
    en: 'Told to stop a second time: ending at once. Requests under way are cut off; whatever was answered is stored.',
  },
  'stop.hung': {
    zh: '{seconds} 秒内未能停完：强行结束，未完成的请求被中断（已应答的都已保存）。',
    en: 'Not everything has stopped within {seconds} s: ending by force. Requests under way are cut off; whatever was answered is stored.',
  },
  'help.api': {
    zh: `用法：node dist/apps/api/src/main.js

只运行 HTTP 接口（可同时运行多个），由 worker 更新视图、发提醒；./duban up 则合在一个进程。设置用环境变量：
  DATABASE_URL     postgres://用户:密码@主机:端口/库名（必需）
  EVENT_STORE_URL  事件另存于别的 PostgreSQL、EventStoreDB 或 KurrentDB
  QUEUE_URL        任务队列用别的 PostgreSQL 或 Redis
  PORT, HOST       HTTP 监听的端口和地址（3000，127.0.0.1）
  LOG_LEVEL        日志级别（info）
  DUBAN_LANG       zh 或 en
SIGTERM 在 10 秒内停完：不再接新连接，做完手上的请求。退出码：0 正常停止，1 出错，2 用法或设置不对。`,
    en: `Use: node dist/apps/api/src/main.js

The HTTP side alone, any number of them; a worker keeps the views and sends reminders. ./duban up runs both in one process.
Settings are environment variables:
  DATABASE_URL     postgres://user:password@host:port/database (needed)
  EVENT_STORE_URL  events in another PostgreSQL, EventStoreDB or KurrentDB
  QUEUE_URL        jobs in another PostgreSQL or in Redis
  PORT, HOST       where HTTP listens (3000, 127.0.0.1)
  LOG_LEVEL        from which level it logs (info)
  DUBAN_LANG       zh or en
SIGTERM drains within 10 s: no new connections, requests under way are finished. Exit codes: 0 stopped, 1 failed, 2 used wrongly.`,
  },
  'help.worker': {
    zh: `用法：node dist/apps/worker/src/main.js

只运行事件的跟随者：视图、分解下发、提醒（可同时运行多个）；HTTP 接口由 api 提供。设置用环境变量：
  DATABASE_URL     postgres://用户:密码@主机:端口/库名（必需）
  EVENT_STORE_URL  事件另存于别的 PostgreSQL、EventStoreDB 或 KurrentDB
  QUEUE_URL        任务队列用别的 PostgreSQL 或 Redis
  HEALTH_PORT      在此端口应答 GET /health 和 /metrics（不设则不应答），地址为 HOST（127.0.0.1）
  LOG_LEVEL        日志级别（info）
  DUBAN_LANG       zh 或 en
SIGTERM 在 10 秒内停完：做完手上的，其余由别的 worker 接手。退出码：0 正常停止，1 出错，2 用法或设置不对。`,
    en: `Use: node dist/apps/worker/src/main.js

What follows the events: views, distribution, reminders; any number of them. An api serves HTTP.
Settings are environment variables:
  DATABASE_URL     postgres://user:password@host:port/database (needed)
  EVENT_STORE_URL  events in another PostgreSQL, EventStoreDB or KurrentDB
  QUEUE_URL        jobs in another PostgreSQL or in Redis
  HEALTH_PORT      answers GET /health and /metrics there (unset: nowhere), on HOST (127.0.0.1)
  LOG_LEVEL        from which level it logs (info)
  DUBAN_LANG       zh or en
SIGTERM drains within 10 s: what is under way is finished, another worker goes on with the rest. Exit codes: 0 stopped, 1 failed, 2 used wrongly.`,
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
