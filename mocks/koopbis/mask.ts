/** A number as screens show it: whose it is can be told by who knows it, and by nobody else. */
export function maskNumber(kimlikNo: string): string {
  return /^\d{11}$/.test(kimlikNo) ? `${kimlikNo.slice(0, 2)}*******${kimlikNo.slice(-2)}` : '***';
}
