//! What the voice agent may tell the caller of what was done.

use crate::actions::voice_tools::{Done, Tool};
use crate::domain::language::Language;

/// The sentences to say. They tell only what is done, and name neither debt nor creditor: nobody
/// knows who else listens.
pub fn say(tool: Tool, language: Language, done: &Done) -> String {
    let mut sentences = Vec::new();
    if let Some(scope) = &done.stopped {
        sentences.push(of_stop(scope, language).to_owned());
        if let Some(reference) = &done.reference {
            sentences.push(match language {
                Language::English => format!("Your reference is {reference}."),
                Language::Spanish => format!("Su referencia es {reference}."),
            });
        }
    }
    for flag in &done.flags {
        sentences.push(of_flag(flag, language).to_owned());
    }
    let of_tool = match (tool, language) {
        (Tool::FlagDispute | Tool::CaptureDispute, Language::English)
            if done.dispute.is_some() || done.stopped.is_none() =>
        {
            "I have noted that you dispute this. We stop collecting it until we have answered you."
        }
        (Tool::FlagDispute | Tool::CaptureDispute, Language::Spanish)
            if done.dispute.is_some() || done.stopped.is_none() =>
        {
            "He anotado que usted disputa esto. Dejamos de cobrarlo hasta haberle respondido."
        }
        (Tool::CapturePtp, Language::English) => {
            "Thank you. I have noted what you intend to pay and when."
        }
        (Tool::CapturePtp, Language::Spanish) => {
            "Gracias. He anotado lo que piensa pagar y cuándo."
        }
        (Tool::CaptureConsent, Language::English) => {
            "Thank you. I have noted your permission. You can take it back at any time."
        }
        (Tool::CaptureConsent, Language::Spanish) => {
            "Gracias. He anotado su permiso. Puede retirarlo en cualquier momento."
        }
        _ => "",
    };
    if !of_tool.is_empty() {
        sentences.push(of_tool.to_owned());
    }
    if done.is_held && done.stopped.as_deref() != Some("all") {
        let waits = match language {
            Language::English => {
                "I have passed on what you said. We will not contact you before somebody has \
                 looked at it."
            }
            Language::Spanish => {
                "He transmitido lo que dijo. No nos comunicaremos con usted antes de que alguien \
                 lo haya revisado."
            }
        };
        sentences.push(waits.to_owned());
    }
    sentences.join(" ")
}

fn of_stop(scope: &str, language: Language) -> &'static str {
    match (scope, language) {
        ("call", Language::English) => "It is done: we will not call you again.",
        ("call", Language::Spanish) => "Hecho: no volveremos a llamarle.",
        ("email", Language::English) => "It is done: we will not email you again.",
        ("email", Language::Spanish) => "Hecho: no le enviaremos más correos electrónicos.",
        (_, Language::English) => "It is done: we will not contact you again.",
        (_, Language::Spanish) => "Hecho: no volveremos a comunicarnos con usted.",
    }
}

fn of_flag(flag: &str, language: Language) -> &'static str {
    match (flag, language) {
        ("attorney", Language::English) => {
            "Thank you. From now on we will speak with your attorney and not with you."
        }
        ("attorney", Language::Spanish) => {
            "Gracias. Desde ahora hablaremos con su abogado y no con usted."
        }
        ("bankruptcy", Language::English) => {
            "Thank you for telling me. We have stopped all contact because of the bankruptcy."
        }
        ("bankruptcy", Language::Spanish) => {
            "Gracias por decírmelo. Hemos cesado todo contacto por la bancarrota."
        }
        ("deceased", Language::English) => "I am sorry for your loss. We have stopped all contact.",
        ("deceased", Language::Spanish) => "Lamento su pérdida. Hemos cesado todo contacto.",
        (_, Language::English) => "Thank you. I have noted it.",
        (_, Language::Spanish) => "Gracias. Lo he anotado.",
    }
}
