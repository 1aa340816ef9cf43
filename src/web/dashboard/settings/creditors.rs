//! `/creditors`: the agency's clients, for administrators.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::actions::blocking;
use crate::actions::creditors::{self as actions, NewCreditor};
use crate::actions::ctx::Ctx;
use crate::domain::money::BasisPoints;
use crate::error::{AppError, AppResult, FieldErrors};
use crate::store::creditors;
use crate::web::access::SignedIn;
use crate::web::dashboard::frame;
use crate::web::page;
use crate::web::shell::Section;
use crate::web::view::creditor::{CreditorListPage, CreditorRow};
use crate::web::view::form::Field;
use crate::web::view::part::When;

const HERE: &str = "/creditors";

#[derive(Debug, Default, Deserialize)]
pub struct Submitted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    fee_percent: String,
    #[serde(default)]
    contact_email: String,
    #[serde(default)]
    contact_phone: String,
    #[serde(default)]
    postal_address: String,
}

pub async fn list(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
) -> AppResult<HttpResponse> {
    let (form, errors) = (Submitted::default(), FieldErrors::default());
    page::ok(&view(&req, &ctx, &session, &user, form, &errors).await?)
}

pub async fn add(
    req: HttpRequest,
    ctx: web::Data<Ctx>,
    session: Session,
    user: SignedIn,
    form: web::Form<Submitted>,
) -> AppResult<HttpResponse> {
    let form = form.into_inner();
    let added = match read(&form) {
        Ok(new) => {
            let (ctx, actor) = (ctx.clone(), user.actor());
            blocking(move || actions::add(&ctx, &actor, new)).await
        }
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => {
            frame::flash(&session, &format!("{} is added.", form.name.trim()))?;
            Ok(page::see_other(HERE))
        }
        Err(AppError::Invalid(errors)) => {
            page::unprocessable(&view(&req, &ctx, &session, &user, form, &errors).await?)
        }
        Err(error) => Err(error),
    }
}

fn read(form: &Submitted) -> AppResult<NewCreditor> {
    let optional = |text: &str| {
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let contingency = percent(&form.fee_percent).ok_or_else(|| {
        AppError::invalid(
            "fee_percent",
            "Enter a rate from 0 to 100 with at most two decimals, such as 25 or 12.5.",
        )
    })?;
    let new = NewCreditor {
        name: form.name.clone(),
        contingency,
        contact_email: optional(&form.contact_email),
        contact_phone: optional(&form.contact_phone),
        postal_address: optional(&form.postal_address),
    };
    let mut errors = FieldErrors::default();
    let mut check = |field: &'static str, text: &Option<String>, longest: usize| {
        if text.as_ref().is_some_and(|text| {
            text.chars().count() > longest || text.chars().any(char::is_control)
        }) {
            errors.add(field, format!("Use at most {longest} characters."));
        }
    };
    check("contact_email", &new.contact_email, 254);
    check("contact_phone", &new.contact_phone, 40);
    check("postal_address", &new.postal_address, 300);
    errors.into_result()?;
    Ok(new)
}

/// `25`, `12.5` or `33.33`, with or without a percent sign.
fn percent(text: &str) -> Option<BasisPoints> {
    let text = text.trim().trim_end_matches('%').trim_end();
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || decimals.len() > 2 {
        return None;
    }
    if !is_number(whole) || !is_number(decimals) {
        return None;
    }
    format!("{whole}{decimals:0<2}")
        .parse()
        .ok()
        .and_then(BasisPoints::new)
}

async fn view(
    req: &HttpRequest,
    ctx: &Ctx,
    session: &Session,
    user: &SignedIn,
    form: Submitted,
    errors: &FieldErrors,
) -> AppResult<CreditorListPage> {
    let reader = ctx.clone();
    let found = blocking(move || reader.read(|conn| Ok(creditors::list(conn)?))).await?;
    let now = ctx.now();
    let field = |name: &'static str, value: String| {
        let mut field = Field::new(name, value);
        field.error = errors.of(name).map(str::to_owned);
        field
    };
    Ok(CreditorListPage {
        shell: frame::shell(req, session, user, "Creditors", Some(Section::Settings)),
        tabs: super::tabs(user, HERE),
        rows: found
            .into_iter()
            .map(|creditor| CreditorRow {
                name: creditor.name,
                emails_href: format!("{HERE}/{}/emails", creditor.id),
                fee: creditor.contingency_bps.to_string(),
                calls_per_week: creditor.max_calls_per_week,
                not_cleared: (!creditor.cleared).then(|| {
                    creditor
                        .not_cleared_reason
                        .unwrap_or_else(|| "No reason was given".to_owned())
                }),
                since: When::new(creditor.created_at, user.time_zone, now),
            })
            .collect(),
        name: field("name", form.name),
        fee_percent: field("fee_percent", form.fee_percent),
        contact_email: field("contact_email", form.contact_email),
        contact_phone: field("contact_phone", form.contact_phone),
        postal_address: field("postal_address", form.postal_address),
    })
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_rate_is_read_as_people_write_it() {
        for (text, points) in [
            ("25", 2_500),
            (" 12.5 % ", 1_250),
            ("33.33", 3_333),
            ("100", 10_000),
            ("0", 0),
        ] {
            assert_eq!(percent(text).map(|rate| rate.get()), Some(points), "{text}");
        }
        for bad in [
            "", "%", "-1", "100.01", "1e1", "12.345", ".5", "1 0", "\u{0661}",
        ] {
            assert_eq!(percent(bad), None, "{bad}");
        }
    }
}
