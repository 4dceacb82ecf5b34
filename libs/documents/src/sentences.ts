/**
 * What is said about files, by code, in both languages: `file.*` refuse one, `note.*` go with a text that was read.
 */
export const sentences = {
  'file.empty': {
    zh: '文件是空的。请选择含有正文的文件。',
    en: 'The file is empty. Choose the file that holds the text.',
  },
  'file.too-large': {
    zh: '文件太大（上限 20 MB、200 万字）。请删去图片或拆成几个文件后再导入。',
    en: 'The file is too large (at most 20 MB and 2 million characters). Remove its pictures or split it, then import that.',
  },
  'file.binary': {
    zh: '这不是文本文件，也不是 Word、PDF、Excel 或网页文件。请在原软件中另存为其中一种后再导入。',
    en: 'This is neither text nor Word, PDF, Excel or HTML. Save it as one of these in the program it comes from, then import that.',
  },
  'file.encoding': {
    zh: '无法识别文字编码。请用记事本打开，另存为“UTF-8”编码后再导入。',
    en: 'The character encoding cannot be told. Open the file in an editor, save it as UTF-8, then import that.',
  },
  'file.old-word': {
    zh: '这是旧格式（.doc 或 .wps）文件。请用 Word 或 WPS 打开，另存为 .docx 后再导入。',
    en: 'This is the old Word format (.doc or .wps). Open it in Word or WPS, save it as .docx, then import that.',
  },
  'file.old-excel': {
    zh: '这是旧格式（.xls 或 .et）表格。请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。',
    en: 'This is the old Excel format (.xls or .et). Open it in Excel or WPS, save it as .xlsx, then import that.',
  },
  'file.rtf': {
    zh: '这是 RTF 文件。请打开后另存为 .docx，再导入该文件。',
    en: 'This is an RTF file. Open it, save it as .docx, then import that.',
  },
  'file.image': {
    zh: '这是图片。请先做文字识别（OCR），核对后存为 Word 或文本文件再导入。',
    en: 'This is an image. Run text recognition (OCR), check the result, save it as Word or text, then import that.',
  },
  'file.scan': {
    zh: '这份 PDF 是扫描件，里面没有文字。请先做文字识别（OCR），核对后再导入。',
    en: 'This PDF is a scan without text. Run text recognition (OCR), check the result, then import that.',
  },
  'file.garbled': {
    zh: '这份 PDF 的字体没有文字信息，取出的是乱码。请导入其 Word 原件，或先做文字识别（OCR）。',
    en: 'The fonts of this PDF do not say which characters they draw. Import its Word original, or run text recognition (OCR) first.',
  },
  'file.archive': {
    zh: '这是压缩包。请解压后导入其中的文件。',
    en: 'This is an archive. Unpack it and import the file inside.',
  },
  'file.unsupported': {
    zh: '不支持这种文件。请在原软件中另存为 .docx、.xlsx、.pdf 或 .txt 后再导入。',
    en: 'This kind of file is not supported. Save it as .docx, .xlsx, .pdf or .txt in the program it comes from, then import that.',
  },
  'file.encrypted': {
    zh: '文件有打开密码。请去掉密码（另存一份）后再导入。',
    en: 'The file needs a password to open. Save a copy without one, then import that.',
  },
  'file.broken': {
    zh: '文件已损坏或不完整。请用原软件打开确认，重新保存后再导入。',
    en: 'The file is damaged or incomplete. Open it in its own program, save it again, then import that.',
  },
  'file.bomb': {
    zh: '文件解压后异常庞大，已拒绝。如确为正常文件，请在原软件中另存一份再导入。',
    en: 'The file unpacks to an abnormal size and was refused. If it is genuine, save a fresh copy in its own program, then import that.',
  },
  'file.unsafe': {
    zh: '文件里有正常文档不会有的内容（外部实体、链接或越界路径），已拒绝。请在原软件中另存一份再导入。',
    en: 'The file holds what no normal document does (entities, links or paths that lead outside) and was refused. Save a fresh copy, then import that.',
  },
  'file.too-slow': {
    zh: '文件太复杂，在时限内没有读完。请拆成几个文件，或另存为文本文件后再导入。',
    en: 'The file is too complex and was not read in time. Split it, or save it as text, then import that.',
  },
  'file.too-much-memory': {
    zh: '文件太复杂，读取所需内存超过上限。请拆成几个文件，或另存为文本文件后再导入。',
    en: 'The file is too complex: reading it takes more memory than allowed. Split it, or save it as text, then import that.',
  },
  'file.too-many-lists': {
    zh: '文件中的责任清单太多（读出的内容超过 4 MB）。请拆成几个文件后再导入。',
    en: 'The file holds too many responsibility lists (what was read of them is over 4 MB). Split it into several files, then import those.',
  },
  'file.busy': {
    zh: '正在读取的文件太多，请稍后再试。',
    en: 'Too many files are being read. Try again in a moment.',
  },
  'note.mismatch': {
    zh: '文件的扩展名与内容不符，已按内容读取。',
    en: "The file's extension does not match its content; it was read by its content.",
  },
  'note.hidden': {
    zh: '隐藏的文字或工作表没有读取。',
    en: 'Hidden text or sheets were not read.',
  },
  'note.revised': {
    zh: '文件带有修订痕迹：按接受全部修订读取。',
    en: 'The document holds tracked changes; it was read as if all were accepted.',
  },
  'note.macros': {
    zh: '文件含有宏，未运行，也未读取。',
    en: 'The file holds macros; they were neither run nor read.',
  },
  'note.no-value': {
    zh: '有的公式没有保存计算结果，这些单元格为空。请在 Excel 中打开、保存后重新导入。',
    en: 'Some formulas have no saved result; those cells are empty. Open and save the file in Excel, then import it again.',
  },
  'note.pages-without-text': {
    zh: '有的页没有文字（可能是扫描页），未读取。',
    en: 'Some pages hold no text (perhaps scans) and were not read.',
  },
  'note.table-unsure': {
    zh: 'PDF 中的表格按文字位置推断，请对照原文核对。',
    en: 'A table in the PDF was read from where its words stand. Please check it against the original.',
  },
} as const satisfies Record<string, { zh: string; en: string }>;
