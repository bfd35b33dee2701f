/** Reasons of the settings that stand in no group, in Turkish. */
export const BY_THEMSELVES = {
  environment: 'En sıkı değerdir: bu satırı yazmayı unutan hiçbir kolaylık elde etmez.',
  instance:
    'Bir kaydı hangi sürecin yazdığını gösterir; makine adı, hiçbir ayar yazılmadan süreçleri birbirinden ayırır.',
} as const;
