const MEGABYTE = 1_048_576;

/** The types under which a file itself is the body. */
export const FILE_TYPES = ['text/plain', 'application/octet-stream'];

/** How large a body of this type may be, in bytes: files are larger than what people type. */
export const limitOf = (contentType: string | undefined) =>
  FILE_TYPES.some((type) => contentType?.startsWith(type)) ? 20 * MEGABYTE : MEGABYTE;
