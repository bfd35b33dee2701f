/** True where a content type is `wanted`, in UTF-8 or without a charset. */
export function mediaTypeIs(contentType: string, wanted: string): boolean {
  const [type, ...parameters] = contentType.split(';');
  if (type?.trim().toLowerCase() !== wanted) return false;
  const charset = parameters
    .map((parameter) => /^\s*charset="?([^"]+?)"?\s*$/i.exec(parameter)?.[1])
    .find((one) => one !== undefined);
  return charset === undefined || charset.toLowerCase() === 'utf-8';
}
