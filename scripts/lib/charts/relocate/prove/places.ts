/** True for the value of an environment variable. */
export function isVariable(path: string): boolean {
  return /\.env\[\d+\]\.value$/.test(path)
}

/** True for a place in annotations. */
export function isAnnotation(path: string): boolean {
  return /annotations[.[]/.test(path)
}
