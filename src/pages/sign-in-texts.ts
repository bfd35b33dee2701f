import type { SignInCode } from '../errors/sign-in-code.js';
import type { BothLanguages } from './views.js';

/** What a page says of a code. None of the texts tells whether a number exists or what a register holds. */
interface SignInText {
  readonly title: BothLanguages;
  /** What happened; also stands beside the field that it is about. */
  readonly what: BothLanguages;
  /** What to do. */
  readonly todo: BothLanguages;
}

/** One row for each code; the compiler insists. */
export const SIGN_IN_TEXTS: Readonly<Record<SignInCode, SignInText>> = {
  TWO_STEP_REQUIRED: {
    title: {
      tr: 'Oturum açılmadı: iki aşamalı giriş gerekiyor',
      en: 'You are not signed in: two-step sign-in is required',
    },
    what: {
      tr: 'e-Devlet Kapısı’na girişiniz iki aşamalı yapılmadı veya iki aşamalı yapıldığı anlaşılamadı. Bu nedenle KOOPBİS’te oturum açılmadı.',
      en: 'You signed in at e-Devlet without two steps, or it could not be seen that there were two. So no KOOPBİS session was opened.',
    },
    todo: {
      tr: 'Aşağıdaki adımlarla iki aşamalı girişi açın, sonra tekrar deneyin.',
      en: 'Switch two-step sign-in on as described below, then try again.',
    },
  },
  SIGN_IN_STATE_INVALID: {
    title: { tr: 'Bu giriş tamamlanamadı', en: 'This sign-in could not be completed' },
    what: {
      tr: 'e-Devlet’ten dönüş, bu tarayıcıda başlatılmış ve hâlâ açık olan bir girişe ait değil. Giriş daha önce kullanılmış, süresi dolmuş veya başka bir tarayıcıda başlatılmış olabilir.',
      en: 'The return from e-Devlet does not belong to a sign-in that was begun in this browser and is still open. It may have been used, be too old, or have been begun in another browser.',
    },
    todo: {
      tr: 'Girişi baştan başlatın; geri düğmesini ve başkasından gelen bağlantıları kullanmayın. Tarayıcınızda bu site için çerezler açık olmalıdır.',
      en: 'Begin again; do not use the back button or a link that somebody sent you. Your browser must accept cookies of this site.',
    },
  },
  SIGN_IN_UNSOLICITED: {
    title: { tr: 'Bu giriş buradan başlatılmadı', en: 'This sign-in was not begun here' },
    what: {
      tr: 'Bu adrese, KOOPBİS’in başlatmadığı bir e-Devlet dönüşüyle gelindi. Güvenliğiniz için kabul edilmedi.',
      en: 'This address was reached with a return from e-Devlet that KOOPBİS did not ask for. For your safety it was not accepted.',
    },
    todo: {
      tr: 'Girişi KOOPBİS’ten veya e-Devlet’teki “Uygulamaya Git” düğmesinden başlatın. Bu bağlantıyı size biri gönderdiyse kullanmayın.',
      en: 'Start from KOOPBİS, or from “Uygulamaya Git” at e-Devlet. If somebody sent you this link, do not use it.',
    },
  },
  SIGN_IN_EXPIRED: {
    title: { tr: 'Girişin süresi doldu', en: 'This sign-in has expired' },
    what: {
      tr: 'Başlattığınız giriş uzun süre tamamlanmadığı veya bittiği için kapatıldı.',
      en: 'The sign-in that you began was left for too long, or is already over.',
    },
    todo: {
      tr: 'Kullanmak istediğiniz uygulamaya dönüp girişi yeniden başlatın.',
      en: 'Go back to the application that you want to use and begin again.',
    },
  },
  UPSTREAM_CANCELLED: {
    title: { tr: 'e-Devlet girişinden vazgeçildi', en: 'The sign-in at e-Devlet was cancelled' },
    what: {
      tr: 'e-Devlet Kapısı’nda giriş tamamlanmadan geri dönüldü. Oturum açılmadı.',
      en: 'You came back from e-Devlet before the sign-in was finished. No session was opened.',
    },
    todo: { tr: 'Devam etmek isterseniz tekrar deneyin.', en: 'Try again if you want to go on.' },
  },
  UPSTREAM_REFUSED: {
    title: { tr: 'e-Devlet girişi onaylamadı', en: 'e-Devlet did not confirm the sign-in' },
    what: {
      tr: 'e-Devlet Kapısı bu girişi onaylamadı. Oturum açılmadı.',
      en: 'e-Devlet did not confirm this sign-in. No session was opened.',
    },
    todo: {
      tr: 'Tekrar deneyin. Sorun sürerse hata numarasıyla birlikte KOOPBİS destek birimine başvurun.',
      en: 'Try again. If it stays so, turn to KOOPBİS support with the error number.',
    },
  },
  UPSTREAM_UNAVAILABLE: {
    title: { tr: 'e-Devlet’e şu anda ulaşılamıyor', en: 'e-Devlet cannot be reached at the moment' },
    what: {
      tr: 'e-Devlet Kapısı yanıt vermedi veya zamanında yanıt vermedi. Oturum açılmadı.',
      en: 'e-Devlet did not answer, or not in time. No session was opened.',
    },
    todo: {
      tr: 'Birkaç dakika sonra tekrar deneyin. KOOPBİS’e e-Devlet dışında giriş yolu yoktur.',
      en: 'Try again in a few minutes. There is no way into KOOPBİS but through e-Devlet.',
    },
  },
  UPSTREAM_ANSWER_INVALID: {
    title: { tr: 'e-Devlet’in yanıtı işlenemedi', en: 'The answer of e-Devlet could not be used' },
    what: {
      tr: 'e-Devlet Kapısı’ndan beklenen biçimde bir yanıt gelmedi. Kimliğiniz doğrulanmış sayılmadı, oturum açılmadı.',
      en: 'e-Devlet did not answer in the form that was expected. You do not count as identified, and no session was opened.',
    },
    todo: {
      tr: 'Tekrar deneyin. Sorun sürerse hata numarasıyla birlikte KOOPBİS destek birimine başvurun.',
      en: 'Try again. If it stays so, turn to KOOPBİS support with the error number.',
    },
  },
  APPLICATION_REFUSED: {
    title: { tr: 'Uygulamanın isteği kabul edilmedi', en: 'The application’s request was not accepted' },
    what: {
      tr: 'Geldiğiniz uygulama, KOOPBİS’te kayıtlı olmayan bir biçimde giriş istedi. Güvenliğiniz için uygulamaya geri gönderilmediniz.',
      en: 'The application that you came from asked for a sign-in in a way that is not registered. For your safety you were not sent back to it.',
    },
    todo: {
      tr: 'Uygulamanın adresini kontrol edip oradan yeniden başlayın. Sorun sürerse hata numarasını uygulamanın sorumlusuna bildirin.',
      en: 'Check the application’s address and begin there again. If it stays so, give the error number to whoever runs the application.',
    },
  },
  FORM_INVALID: {
    title: { tr: 'Form kabul edilmedi', en: 'The form was not accepted' },
    what: {
      tr: 'Gönderilen form bu oturumun sayfasından gelmedi veya sayfa eskidi. Hiçbir işlem yapılmadı.',
      en: 'The form did not come from a page of this session, or the page was too old. Nothing was done.',
    },
    todo: {
      tr: 'Sayfayı yeniden açıp işlemi tekrarlayın.',
      en: 'Open the page anew and repeat what you wanted to do.',
    },
  },
  SESSION_REQUIRED: {
    title: { tr: 'Önce oturum açın', en: 'Please sign in first' },
    what: {
      tr: 'Bu tarayıcıda açık bir oturum yok. Oturumunuz kapatılmış veya süresi dolmuş olabilir.',
      en: 'There is no session in this browser. It may have been ended or have expired.',
    },
    todo: {
      tr: 'e-Devlet Kapısı üzerinden oturum açın.',
      en: 'Sign in through e-Devlet.',
    },
  },
  FRESH_SIGN_IN_REQUIRED: {
    title: { tr: 'Yeniden giriş yapmanız gerekiyor', en: 'You need to sign in once more' },
    what: {
      tr: 'Bu işlem için birkaç dakika içinde yapılmış bir e-Devlet girişi gerekir. Oturumunuz açık kaldı, işlem yapılmadı.',
      en: 'This needs a sign-in at e-Devlet that is a few minutes old at most. Your session stays open; nothing was done.',
    },
    todo: {
      tr: 'e-Devlet Kapısı üzerinden yeniden giriş yapın ve işlemi hemen ardından tekrarlayın.',
      en: 'Sign in through e-Devlet once more and repeat this right afterwards.',
    },
  },
  SIGN_IN_TOO_OFTEN: {
    title: { tr: 'Çok sık denendi', en: 'Too many attempts' },
    what: {
      tr: 'Bağlandığınız adresten kısa sürede çok fazla istek geldi. Aynı adresi başkaları da kullanıyor olabilir. İşlem yapılmadı.',
      en: 'Too many requests came from your address in a short time. Others may use the same address. Nothing was done.',
    },
    todo: {
      tr: 'Birkaç dakika bekleyip tekrar deneyin.',
      en: 'Wait a few minutes and try again.',
    },
  },
  SIGN_IN_UNAVAILABLE: {
    title: { tr: 'Şu anda giriş yapılamıyor', en: 'Signing in is not possible at the moment' },
    what: {
      tr: 'KOOPBİS her girişi ve işlemi kayda geçirmek zorundadır. Kayıt şu anda yapılamadığı için işlem yapılmadı.',
      en: 'KOOPBİS has to record each sign-in and operation. It cannot do so just now, so nothing was done.',
    },
    todo: {
      tr: 'Birkaç dakika sonra tekrar deneyin.',
      en: 'Try again in a few minutes.',
    },
  },
  STEP_UP_WRONG_CODE: {
    title: { tr: 'Kod doğrulanamadı', en: 'The code could not be verified' },
    what: {
      tr: 'Yazdığınız kod geçerli değil.',
      en: 'The code that you entered is not valid.',
    },
    todo: {
      tr: 'Uygulamanızda görünen son kodu yazın. Telefonunuzun saati otomatik ayarda olmalıdır. Art arda yapılan hatalı denemelerden sonra kod girişi bir süre kapanır.',
      en: 'Enter the code that your app shows now. Your phone must set its clock by itself. After several wrong codes in a row none is accepted for a time.',
    },
  },
  STEP_UP_REPLAYED_CODE: {
    title: { tr: 'Bu kod daha önce kullanıldı', en: 'This code has been used before' },
    what: {
      tr: 'Her kod yalnızca bir kez kullanılabilir.',
      en: 'Each code can be used once only.',
    },
    todo: {
      tr: 'Uygulamanızın yeni kod üretmesini bekleyin (en fazla 30 saniye) ve yeni kodu yazın.',
      en: 'Wait until your app shows a new code (30 seconds at most) and enter that one.',
    },
  },
  STEP_UP_LOCKED: {
    title: { tr: 'Kod girişi bir süre kapatıldı', en: 'No code is accepted for a time' },
    what: {
      tr: 'Art arda hatalı kod girildiği için kod girişi geçici olarak kapatıldı. Oturumunuz açık kaldı.',
      en: 'Several wrong codes were entered in a row, so none is accepted for now. Your session stays open.',
    },
    todo: {
      tr: 'Süre dolunca tekrar deneyin. Hatalı kodları siz girmediyseniz hesap sayfanızdan diğer oturumlarınızı kapatın ve güvenlik görevlisine bildirin.',
      en: 'Try again when the time is over. If it was not you, end your other sessions on your account page and tell the security officer.',
    },
  },
  STEP_UP_NOT_ENROLLED: {
    title: { tr: 'İkinci adım kurulmamış', en: 'The second step is not set up' },
    what: {
      tr: 'Bu işlem tek kullanımlık kod ister; hesabınız için henüz kod üreten bir uygulama kurulmamış.',
      en: 'This asks for a one-time code, and no app that makes such codes is set up for your account yet.',
    },
    todo: {
      tr: 'Hesap sayfanızdan ikinci adımı kurun, sonra işlemi tekrarlayın.',
      en: 'Set up the second step on your account page, then repeat this.',
    },
  },
};
