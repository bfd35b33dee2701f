/** Reasons of `purposes`, in Turkish. */
export const PURPOSES = {
  purposes:
    'Bir kişinin hangi amaçlarla sorgulanabileceği. Yazılan liste varsayılanın yerine geçer; listede olmayan amaç kapalıdır.',
  'purposes[].code': 'Kapalı listedeki amaçlardan biri.',
  'purposes[].legalGround': 'Amacın dayandığı hüküm; her denetim kaydında yazar.',
  'purposes[].roles': 'Bu amaçla sorgu yapabilecek roller.',
  'purposes[].services': 'Bu amaçla sorulabilecek KPS hizmetleri.',
} as const;
