//! What the emails of a series say, in both languages. The statements that the law asks for stand
//! in the templates' frame, which every email has; here stands the middle.

use crate::domain::language::Language;
use crate::domain::mail::MailTemplate;

/// The words of one email that are not data.
pub struct Words {
    pub lang: &'static str,
    /// Says nothing of a debt, for whoever looks over the reader's shoulder.
    pub subject: &'static str,
    pub greeting: &'static str,
    /// The middle, one paragraph each.
    pub paragraphs: &'static [&'static str],
    pub on_behalf: &'static str,
    pub reference: &'static str,
    pub balance: &'static str,
    pub see_account: &'static str,
    pub check_code: &'static str,
    /// 15 USC 1692e(11), 12 CFR 1006.18(e)(1).
    pub disclosure: &'static str,
    pub rights: &'static str,
    /// 12 CFR 1006.6(e).
    pub stop_emails: &'static str,
    pub unsubscribe: &'static str,
    pub stop_all: &'static str,
    pub write_or_call: &'static str,
}

pub const fn of(language: Language, template: MailTemplate) -> Words {
    match language {
        Language::English => Words {
            lang: "en",
            subject: match template {
                MailTemplate::Introduction => "A message for you",
                MailTemplate::Reminder => "Our earlier message",
                MailTemplate::Options => "Ways to settle this",
            },
            greeting: "Hello",
            paragraphs: english(template),
            on_behalf: "We write on behalf of",
            reference: "Invoice",
            balance: "Balance",
            see_account: "See what the account is made up of, or say how we may reach you",
            check_code: "Check code. It also stands on your account\u{2019}s page; a message without it is not ours",
            disclosure: "This is an attempt to collect a debt, and any information obtained will be used for \
                         that purpose. This message is from a debt collector.",
            rights: "You may dispute this debt or ask who the original creditor is. If you have a lawyer \
                     or are in bankruptcy, tell us and we will stop writing to you.",
            stop_emails: "If you want no more emails from us, answer with the word STOP or use this link",
            unsubscribe: "Stop these emails",
            stop_all: "To stop calls and everything else as well",
            write_or_call: "Write to us or call us",
        },
        Language::Spanish => Words {
            lang: "es",
            subject: match template {
                MailTemplate::Introduction => "Un mensaje para usted",
                MailTemplate::Reminder => "Nuestro mensaje anterior",
                MailTemplate::Options => "Maneras de resolver este asunto",
            },
            greeting: "Hola",
            paragraphs: spanish(template),
            on_behalf: "Escribimos en nombre de",
            reference: "Factura",
            balance: "Saldo",
            see_account: "Vea de qu\u{e9} se compone la cuenta o d\u{ed}ganos c\u{f3}mo podemos comunicarnos con usted",
            check_code: "C\u{f3}digo de comprobaci\u{f3}n. Tambi\u{e9}n est\u{e1} en la p\u{e1}gina de su cuenta; un mensaje \
                         sin \u{e9}l no es nuestro",
            disclosure: "Este es un intento de cobrar una deuda, y toda informaci\u{f3}n que se obtenga se usar\u{e1} \
                         para ese fin. Este mensaje es de un cobrador de deudas.",
            rights: "Usted puede disputar esta deuda o preguntar qui\u{e9}n es el acreedor original. Si tiene \
                     abogado o est\u{e1} en bancarrota, d\u{ed}ganoslo y dejaremos de escribirle.",
            stop_emails: "Si no quiere m\u{e1}s correos nuestros, responda con la palabra ALTO o use este enlace",
            unsubscribe: "No recibir m\u{e1}s correos",
            stop_all: "Para detener tambi\u{e9}n las llamadas y todo lo dem\u{e1}s",
            write_or_call: "Escr\u{ed}banos o ll\u{e1}menos",
        },
    }
}

const fn english(template: MailTemplate) -> &'static [&'static str] {
    match template {
        MailTemplate::Introduction => &[
            "We have been asked to help settle the account below. You will find what it is made up \
             of on its page.",
            "If something about it is wrong, tell us. Nothing more is asked of you until you have \
             an answer.",
        ],
        MailTemplate::Reminder => &[
            "Some days ago we wrote to you about the account below and have not heard from you.",
            "If you have paid already, or if it is not yours, one line from you is enough.",
        ],
        MailTemplate::Options => &[
            "The account below is still open. To pay all or part of it, write to us or call us, or \
             tell us what you can do and when.",
            "You can also ask a question or dispute it: answer this message, write to us or call us.",
        ],
    }
}

const fn spanish(template: MailTemplate) -> &'static [&'static str] {
    match template {
        MailTemplate::Introduction => &[
            "Nos han pedido ayudar a resolver la cuenta que sigue. En su p\u{e1}gina ver\u{e1} de qu\u{e9} se \
             compone.",
            "Si algo no es correcto, d\u{ed}ganoslo. No se le pedir\u{e1} nada m\u{e1}s hasta que tenga una \
             respuesta.",
        ],
        MailTemplate::Reminder => &[
            "Hace unos d\u{ed}as le escribimos sobre la cuenta que sigue y no hemos sabido de usted.",
            "Si ya pag\u{f3}, o si no es suya, basta con una l\u{ed}nea.",
        ],
        MailTemplate::Options => &[
            "La cuenta que sigue est\u{e1} abierta todav\u{ed}a. Para pagarla toda o en parte, escr\u{ed}banos o \
             ll\u{e1}menos, o d\u{ed}ganos qu\u{e9} puede hacer y cu\u{e1}ndo.",
            "Tambi\u{e9}n puede preguntar o disputarla: responda a este mensaje, escr\u{ed}banos o \
             ll\u{e1}menos.",
        ],
    }
}
