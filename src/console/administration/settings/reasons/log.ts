/** Reasons of `log`, in Turkish. */
export const LOG = {
  'log.level': 'İşletme kaydı: her istek ve her durum değişikliği için bir satır.',
} as const;
