//! The whole site map. A route exists only if it stands here, with who may use it.

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_web::http::Method;
use actix_web::{Route, web};

use crate::domain::access::Capability;
use crate::web::api::operations;
use crate::web::{assets, dashboard, health, hooks, portal, rules};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Public,
    /// A signed-in person whose role includes this.
    Needs(Capability),
    /// A debtor who came in by a link; checked by `portal::Visitor`.
    Portal,
    /// A provider that says its secret; checked by `web::hooks`.
    Provider,
    /// A program with a key; checked by `api::Caller`.
    Key(KeyAccess),
}

/// What a key must allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAccess {
    Read,
    Write,
}

/// One line of the table.
#[derive(Clone)]
pub struct Entry {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    handler: fn() -> Route,
}

const fn get(path: &'static str, access: Access, handler: fn() -> Route) -> Entry {
    Entry {
        method: Method::GET,
        path,
        access,
        handler,
    }
}

const fn post(path: &'static str, access: Access, handler: fn() -> Route) -> Entry {
    Entry {
        method: Method::POST,
        path,
        access,
        handler,
    }
}

/// Every route of the application.
pub fn table() -> Vec<Entry> {
    let mut table = everyone();
    table.extend(placements());
    table.extend(planned_calls());
    table.extend(imports());
    table.extend(dnc_lists());
    table.extend(portal());
    table.extend(settings());
    table.extend(webhooks());
    table.extend(operators());
    table.extend(people());
    table.extend(proof());
    table.extend(public_rules());
    table.extend(desk());
    table.extend(mail());
    table.extend(voice());
    table.extend(api());
    table
}

/// For whoever watches the process, and the way in and out.
fn everyone() -> Vec<Entry> {
    use Access::{Needs, Public};
    use Capability as C;
    vec![
        get("/healthz", Public, || web::get().to(health::alive)),
        get("/readyz", Public, || web::get().to(health::ready)),
        get("/static/{tag}/{name:.*}", Public, || {
            web::get().to(assets::serve)
        }),
        get("/", Needs(C::OwnAccount), || web::get().to(dashboard::home)),
        get("/sign-in", Public, || {
            web::get().to(dashboard::sign_in::form)
        }),
        post("/sign-in", Public, || {
            web::post().to(dashboard::sign_in::submit)
        }),
        post("/sign-out", Needs(C::OwnAccount), || {
            web::post().to(dashboard::sign_in::leave)
        }),
        post(
            "/placements/{id}/contact-checks",
            Needs(C::LogContact),
            || web::post().to(dashboard::contacts::check),
        ),
        get(
            "/placements/{id}/contacts/new",
            Needs(C::LogContact),
            || web::get().to(dashboard::contacts::new),
        ),
        post("/placements/{id}/contacts", Needs(C::LogContact), || {
            web::post().to(dashboard::contacts::create)
        }),
        get("/alerts", Needs(C::ViewCompliance), || {
            web::get().to(dashboard::alerts::list)
        }),
        post("/alerts/answers", Needs(C::WorkAlerts), || {
            web::post().to(dashboard::alerts::answer_several)
        }),
        get("/alerts/{id}", Needs(C::ViewCompliance), || {
            web::get().to(dashboard::alerts::show)
        }),
        post("/alerts/{id}/acknowledge", Needs(C::WorkAlerts), || {
            web::post().to(dashboard::alerts::acknowledge)
        }),
        post("/alerts/{id}/resolve", Needs(C::WorkAlerts), || {
            web::post().to(dashboard::alerts::resolve)
        }),
    ]
}

/// What creditors and the desk look at all day.
fn placements() -> Vec<Entry> {
    use Access::Needs;
    use Capability as C;
    vec![
        get("/overview", Needs(C::ViewPlacements), || {
            web::get().to(dashboard::overview::show)
        }),
        get("/placements", Needs(C::ViewPlacements), || {
            web::get().to(dashboard::placements::list)
        }),
        // Above the pattern that it would fit.
        get("/placements/export.csv", Needs(C::ViewPlacements), || {
            web::get().to(dashboard::placements_export::download)
        }),
        get("/placements/{id}", Needs(C::ViewPlacements), || {
            web::get().to(dashboard::placement::show)
        }),
        get("/placements/{id}/options", Needs(C::ViewPlacements), || {
            web::get().to(dashboard::options::show)
        }),
        get(
            "/placements/{id}/recall",
            Needs(C::ManagePlacements),
            || web::get().to(dashboard::recall::form),
        ),
        post(
            "/placements/{id}/recall",
            Needs(C::ManagePlacements),
            || web::post().to(dashboard::recall::submit),
        ),
        get("/placements/{id}/pause", Needs(C::ManagePlacements), || {
            web::get().to(dashboard::pause::form)
        }),
        post("/placements/{id}/pause", Needs(C::ManagePlacements), || {
            web::post().to(dashboard::pause::submit)
        }),
        get(
            "/placements/{id}/resume",
            Needs(C::ManagePlacements),
            || web::get().to(dashboard::pause::resume_form),
        ),
        post(
            "/placements/{id}/resume",
            Needs(C::ManagePlacements),
            || web::post().to(dashboard::pause::resume),
        ),
        get(
            "/placements/{id}/undo-recall",
            Needs(C::ManagePlacements),
            || web::get().to(dashboard::recall::undo_form),
        ),
        post(
            "/placements/{id}/undo-recall",
            Needs(C::ManagePlacements),
            || web::post().to(dashboard::recall::undo),
        ),
        get(
            "/placements/{id}/mark-as-paid",
            Needs(C::ManagePlacements),
            || web::get().to(dashboard::mark_as_paid::form),
        ),
        post(
            "/placements/{id}/mark-as-paid",
            Needs(C::ManagePlacements),
            || web::post().to(dashboard::mark_as_paid::submit),
        ),
        get(
            "/placements/{id}/payments/{payment}",
            Needs(C::ViewPlacements),
            || web::get().to(dashboard::receipts::show),
        ),
        get("/debtors", Needs(C::ViewPlacements), || {
            web::get().to(dashboard::debtors::list)
        }),
        get("/debtors/{id}", Needs(C::ViewPlacements), || {
            web::get().to(dashboard::debtors::show)
        }),
        get("/payments", Needs(C::ViewPlacements), || {
            web::get().to(dashboard::payments::list)
        }),
    ]
}

/// The schedule of calls, as people change it.
fn planned_calls() -> Vec<Entry> {
    use Access::Needs;
    use Capability::LogContact;
    use dashboard::planned_calls;
    vec![
        get("/placements/{id}/calls/new", Needs(LogContact), || {
            web::get().to(planned_calls::form)
        }),
        post("/placements/{id}/calls", Needs(LogContact), || {
            web::post().to(planned_calls::plan)
        }),
        get(
            "/placements/{id}/calls/{call}/move",
            Needs(LogContact),
            || web::get().to(planned_calls::move_form),
        ),
        post(
            "/placements/{id}/calls/{call}/move",
            Needs(LogContact),
            || web::post().to(planned_calls::reschedule),
        ),
        get(
            "/placements/{id}/calls/{call}/cancel",
            Needs(LogContact),
            || web::get().to(planned_calls::cancel_form),
        ),
        post(
            "/placements/{id}/calls/{call}/cancel",
            Needs(LogContact),
            || web::post().to(planned_calls::cancel),
        ),
    ]
}

/// Files of creditors.
fn dnc_lists() -> Vec<Entry> {
    use Access::Needs;
    use Capability as C;
    vec![
        get("/dnc/lists", Needs(C::ViewCompliance), || {
            web::get().to(dashboard::dnc_lists::show)
        }),
        post("/dnc/lists", Needs(C::ViewCompliance), || {
            web::post().to(dashboard::dnc_lists::receive)
        }),
        post("/dnc/lists/{id}/undo", Needs(C::ViewCompliance), || {
            web::post().to(dashboard::dnc_lists::undo)
        }),
    ]
}

fn imports() -> Vec<Entry> {
    use Access::Needs;
    use Capability as C;
    vec![
        get("/imports", Needs(C::Import), || {
            web::get().to(dashboard::imports::list)
        }),
        post("/imports", Needs(C::Import), || {
            web::post().to(dashboard::imports::receive)
        }),
        get("/imports/new", Needs(C::Import), || {
            web::get().to(dashboard::imports::form)
        }),
        get("/imports/placements-template.csv", Needs(C::Import), || {
            web::get().to(dashboard::imports::placements_template)
        }),
        get(
            "/imports/contact-history-template.csv",
            Needs(C::Import),
            || web::get().to(dashboard::imports::contacts_template),
        ),
        get("/imports/{id}", Needs(C::Import), || {
            web::get().to(dashboard::imports::show)
        }),
        get("/imports/{id}/columns", Needs(C::Import), || {
            web::get().to(dashboard::imports::columns)
        }),
        post("/imports/{id}/columns", Needs(C::Import), || {
            web::post().to(dashboard::imports::choose)
        }),
        get("/imports/{id}/problems.csv", Needs(C::Import), || {
            web::get().to(dashboard::imports::problems)
        }),
        post("/imports/{id}/commit", Needs(C::Import), || {
            web::post().to(dashboard::imports::commit)
        }),
        post("/imports/{id}/discard", Needs(C::Import), || {
            web::post().to(dashboard::imports::discard)
        }),
        get("/imports/{id}/progress", Needs(C::Import), || {
            web::get().to(dashboard::imports::progress)
        }),
        get("/imports/{id}/result.csv", Needs(C::Import), || {
            web::get().to(dashboard::imports::result)
        }),
    ]
}

/// What a debtor sees, and the links that lead there.
fn portal() -> Vec<Entry> {
    use Access::{Needs, Portal, Public};
    use Capability as C;
    vec![
        get(
            "/placements/{id}/portal-links",
            Needs(C::RecordFlags),
            || web::get().to(dashboard::portal_links::list),
        ),
        post(
            "/placements/{id}/portal-links",
            Needs(C::RecordFlags),
            || web::post().to(dashboard::portal_links::create),
        ),
        post(
            "/placements/{id}/portal-links/{link}/revoke",
            Needs(C::RecordFlags),
            || web::post().to(dashboard::portal_links::revoke),
        ),
        get("/p", Public, || web::get().to(portal::leave::ended)),
        get("/p/left", Public, || web::get().to(portal::leave::left)),
        post("/p/leave", Public, || web::post().to(portal::leave::leave)),
        get("/p/account", Portal, || {
            web::get().to(portal::account::show)
        }),
        get("/p/stop", Portal, || web::get().to(portal::stop::form)),
        post("/p/stop", Portal, || web::post().to(portal::stop::submit)),
        get("/p/stop/{reference}", Portal, || {
            web::get().to(portal::stop::receipt)
        }),
        get("/p/again", Portal, || web::get().to(portal::again::form)),
        post("/p/again", Portal, || web::post().to(portal::again::submit)),
        get("/p/again/{reference}", Portal, || {
            web::get().to(portal::again::receipt)
        }),
        get("/p/reach", Portal, || web::get().to(portal::reach::form)),
        post("/p/reach", Portal, || web::post().to(portal::reach::submit)),
        get("/p/reach/{reference}", Portal, || {
            web::get().to(portal::reach::receipt)
        }),
        get("/p/allowed", Portal, || {
            web::get().to(portal::allowed::show)
        }),
        post("/p/allowed/{consent}", Portal, || {
            web::post().to(portal::allowed::take_back)
        }),
        get("/p/allowed/taken-back/{reference}", Portal, || {
            web::get().to(portal::allowed::receipt)
        }),
        // Below the fixed paths: a token is never one of their words.
        get("/p/{token}", Public, || web::get().to(portal::enter::show)),
        post("/p/{token}", Public, || {
            web::post().to(portal::enter::send_code)
        }),
        get("/p/{token}/code", Public, || {
            web::get().to(portal::code::form)
        }),
        post("/p/{token}/code", Public, || {
            web::post().to(portal::code::submit)
        }),
        get("/stop", Public, || {
            web::get().to(portal::stop_without_link::form)
        }),
        post("/stop", Public, || {
            web::post().to(portal::stop_without_link::submit)
        }),
        get("/stop/{reference}", Public, || {
            web::get().to(portal::stop_without_link::received)
        }),
    ]
}

/// One's own account, and the keys of programs.
fn settings() -> Vec<Entry> {
    use Access::Needs;
    use Capability as C;
    use dashboard::settings;
    vec![
        get("/settings", Needs(C::OwnAccount), || {
            web::get().to(settings::index)
        }),
        get("/settings/security", Needs(C::OwnAccount), || {
            web::get().to(settings::security::show)
        }),
        post("/settings/security/password", Needs(C::OwnAccount), || {
            web::post().to(settings::security::change_password)
        }),
        get(
            "/settings/security/sign-out-everywhere",
            Needs(C::OwnAccount),
            || web::get().to(settings::security::sign_out_form),
        ),
        post(
            "/settings/security/sign-out-everywhere",
            Needs(C::OwnAccount),
            || web::post().to(settings::security::sign_out_everywhere),
        ),
        get("/settings/api-keys", Needs(C::ManageApiKeys), || {
            web::get().to(settings::api_keys::list)
        }),
        post("/settings/api-keys", Needs(C::ManageApiKeys), || {
            web::post().to(settings::api_keys::create)
        }),
        get(
            "/settings/api-keys/{id}/rotate",
            Needs(C::ManageApiKeys),
            || web::get().to(settings::api_keys::rotate_form),
        ),
        post(
            "/settings/api-keys/{id}/rotate",
            Needs(C::ManageApiKeys),
            || web::post().to(settings::api_keys::rotate),
        ),
        get(
            "/settings/api-keys/{id}/revoke",
            Needs(C::ManageApiKeys),
            || web::get().to(settings::api_keys::revoke_form),
        ),
        post(
            "/settings/api-keys/{id}/revoke",
            Needs(C::ManageApiKeys),
            || web::post().to(settings::api_keys::revoke),
        ),
    ]
}

/// Where a creditor's programs are told, and what was sent there.
fn webhooks() -> Vec<Entry> {
    use Access::Needs;
    use Capability::ManageWebhooks;
    use dashboard::settings::webhooks;
    let access = Needs(ManageWebhooks);
    vec![
        get("/settings/webhooks", access, || {
            web::get().to(webhooks::list)
        }),
        post("/settings/webhooks", access, || {
            web::post().to(webhooks::create)
        }),
        get("/settings/webhooks/{id}", access, || {
            web::get().to(webhooks::show)
        }),
        post("/settings/webhooks/{id}", access, || {
            web::post().to(webhooks::edit)
        }),
        get("/settings/webhooks/{id}/rotate-secret", access, || {
            web::get().to(webhooks::rotate_form)
        }),
        post("/settings/webhooks/{id}/rotate-secret", access, || {
            web::post().to(webhooks::rotate)
        }),
        post("/settings/webhooks/{id}/test", access, || {
            web::post().to(webhooks::test)
        }),
        get("/settings/webhooks/{id}/disable", access, || {
            web::get().to(webhooks::disable_form)
        }),
        post("/settings/webhooks/{id}/disable", access, || {
            web::post().to(webhooks::disable)
        }),
        post("/settings/webhooks/{id}/enable", access, || {
            web::post().to(webhooks::enable)
        }),
        get("/settings/webhooks/{id}/delete", access, || {
            web::get().to(webhooks::delete_form)
        }),
        post("/settings/webhooks/{id}/delete", access, || {
            web::post().to(webhooks::delete)
        }),
        get("/settings/webhook-deliveries", access, || {
            web::get().to(webhooks::deliveries)
        }),
        get("/settings/webhook-deliveries/{id}", access, || {
            web::get().to(webhooks::delivery)
        }),
        post("/settings/webhook-deliveries/{id}/retry", access, || {
            web::post().to(webhooks::retry)
        }),
        post(
            "/settings/webhook-deliveries/{id}/redeliver",
            access,
            || web::post().to(webhooks::redeliver),
        ),
    ]
}

/// For whoever keeps the program running.
fn operators() -> Vec<Entry> {
    use Access::Needs;
    use Capability::Administer;
    use dashboard::settings::{hand_offs, operations};
    vec![
        get("/operations", Needs(Administer), || {
            web::get().to(operations::show)
        }),
        get("/operations/hand-offs/{id}", Needs(Administer), || {
            web::get().to(hand_offs::show)
        }),
        post("/operations/hand-offs/{id}", Needs(Administer), || {
            web::post().to(hand_offs::settle)
        }),
        post("/operations/hand-offs/{id}/ask", Needs(Administer), || {
            web::post().to(hand_offs::ask)
        }),
        post("/operations/mails/{id}/retry", Needs(Administer), || {
            web::post().to(operations::retry_mail)
        }),
        post("/operations/webhooks/{id}/retry", Needs(Administer), || {
            web::post().to(operations::retry_webhook)
        }),
    ]
}

/// Who may sign in, and for whom the agency works.
fn people() -> Vec<Entry> {
    use Access::Needs;
    use Capability::Administer;
    use dashboard::settings::{creditors, email_series, people};
    vec![
        get("/people", Needs(Administer), || web::get().to(people::list)),
        post("/people", Needs(Administer), || web::post().to(people::add)),
        get("/people/new", Needs(Administer), || {
            web::get().to(people::add_form)
        }),
        get("/people/{id}", Needs(Administer), || {
            web::get().to(people::edit_form)
        }),
        post("/people/{id}", Needs(Administer), || {
            web::post().to(people::edit)
        }),
        get("/people/{id}/deactivate", Needs(Administer), || {
            web::get().to(people::deactivate_form)
        }),
        post("/people/{id}/deactivate", Needs(Administer), || {
            web::post().to(people::deactivate)
        }),
        post("/people/{id}/activate", Needs(Administer), || {
            web::post().to(people::activate)
        }),
        get("/people/{id}/reset-password", Needs(Administer), || {
            web::get().to(people::reset_form)
        }),
        post("/people/{id}/reset-password", Needs(Administer), || {
            web::post().to(people::reset)
        }),
        get("/creditors", Needs(Administer), || {
            web::get().to(creditors::list)
        }),
        get("/creditors/{id}/emails", Needs(Administer), || {
            web::get().to(email_series::show)
        }),
        post("/creditors/{id}/emails", Needs(Administer), || {
            web::post().to(email_series::save)
        }),
        get("/creditors/{id}/emails/preview", Needs(Administer), || {
            web::get().to(email_series::preview)
        }),
        post("/creditors", Needs(Administer), || {
            web::post().to(creditors::add)
        }),
    ]
}

/// The audit chains and the policy: what shows that the rules were kept, and which they were.
fn proof() -> Vec<Entry> {
    use Access::Needs;
    use Capability::{Administer, SignOffJournal, ViewAudit};
    use dashboard::settings::policy;
    use dashboard::{audit, stop_journal};
    vec![
        get("/audit/checkpoints", Needs(ViewAudit), || {
            web::get().to(audit::list)
        }),
        get("/audit/checkpoints/{id}", Needs(ViewAudit), || {
            web::get().to(audit::download)
        }),
        get("/audit/public-key", Needs(ViewAudit), || {
            web::get().to(audit::public_key)
        }),
        post("/audit/verifications", Needs(ViewAudit), || {
            web::post().to(audit::verify)
        }),
        get(stop_journal::HERE, Needs(SignOffJournal), || {
            web::get().to(stop_journal::form)
        }),
        post(stop_journal::HERE, Needs(SignOffJournal), || {
            web::post().to(stop_journal::submit)
        }),
        get("/settings/policy", Needs(ViewAudit), || {
            web::get().to(policy::show)
        }),
        post("/settings/policy", Needs(Administer), || {
            web::post().to(policy::receive)
        }),
        post("/settings/policy/caps", Needs(Administer), || {
            web::post().to(policy::switch)
        }),
        get("/settings/policy/{version}", Needs(ViewAudit), || {
            web::get().to(policy::compare)
        }),
        post(
            "/settings/policy/{version}/activate",
            Needs(Administer),
            || web::post().to(policy::activate),
        ),
    ]
}

/// The law as the gate knows it, for everybody.
fn public_rules() -> Vec<Entry> {
    use Access::Public;
    vec![
        get("/rules", Public, || web::get().to(rules::list)),
        get("/rules/recording-consent/states", Public, || {
            web::get().to(rules::recording_consent)
        }),
        get("/rules/{id}", Public, || web::get().to(rules::show)),
    ]
}

/// What the compliance desk works with, and how each answer of the gate came about.
fn desk() -> Vec<Entry> {
    use Access::Needs;
    use Capability as C;
    use dashboard::{consents, dnc, flags, tasks};
    vec![
        get("/decisions/{id}", Needs(C::ViewPlacements), || {
            web::get().to(dashboard::decisions::show)
        }),
        get("/compliance", Needs(C::ViewCompliance), || {
            web::get().to(dashboard::compliance::home)
        }),
        get("/tasks", Needs(C::ViewCompliance), || {
            web::get().to(tasks::list)
        }),
        get("/tasks/{id}", Needs(C::ViewCompliance), || {
            web::get().to(tasks::show)
        }),
        post("/tasks/{id}/take", Needs(C::WorkAlerts), || {
            web::post().to(tasks::take)
        }),
        post("/tasks/{id}/put-back", Needs(C::WorkAlerts), || {
            web::post().to(tasks::put_back)
        }),
        post("/tasks/{id}/finish", Needs(C::WorkAlerts), || {
            web::post().to(tasks::finish)
        }),
        post("/tasks/{id}/reopen", Needs(C::WorkAlerts), || {
            web::post().to(tasks::reopen)
        }),
        get("/debtors/{id}/flags/new", Needs(C::RecordFlags), || {
            web::get().to(flags::new)
        }),
        post("/debtors/{id}/flags", Needs(C::RecordFlags), || {
            web::post().to(flags::create)
        }),
        get(
            "/debtors/{id}/flags/{flag}/lift",
            Needs(C::WorkAlerts),
            || web::get().to(flags::lift_form),
        ),
        post(
            "/debtors/{id}/flags/{flag}/lift",
            Needs(C::WorkAlerts),
            || web::post().to(flags::lift),
        ),
        get(
            "/debtors/{id}/flags/{flag}/counsel",
            Needs(C::SettleFacts),
            || web::get().to(flags::counsel_form),
        ),
        post(
            "/debtors/{id}/flags/{flag}/counsel",
            Needs(C::SettleFacts),
            || web::post().to(flags::counsel),
        ),
        get(
            "/debtors/{id}/flags/{flag}/case",
            Needs(C::SettleFacts),
            || web::get().to(flags::case_form),
        ),
        post(
            "/debtors/{id}/flags/{flag}/case",
            Needs(C::SettleFacts),
            || web::post().to(flags::case),
        ),
        get(
            "/debtors/{id}/numbers/{number}",
            Needs(C::RecordFlags),
            || web::get().to(flags::number_form),
        ),
        post(
            "/debtors/{id}/numbers/{number}",
            Needs(C::RecordFlags),
            || web::post().to(flags::number),
        ),
        get("/debtors/{id}/preferences", Needs(C::RecordFlags), || {
            web::get().to(flags::preferences_form)
        }),
        post("/debtors/{id}/preferences", Needs(C::RecordFlags), || {
            web::post().to(flags::preferences)
        }),
        get("/debtors/{id}/location", Needs(C::SettleFacts), || {
            web::get().to(flags::location_form)
        }),
        post("/debtors/{id}/location", Needs(C::SettleFacts), || {
            web::post().to(flags::location)
        }),
        get(
            "/debtors/{id}/location-needed",
            Needs(C::SettleFacts),
            || web::get().to(flags::location_needed_form),
        ),
        post(
            "/debtors/{id}/location-needed",
            Needs(C::SettleFacts),
            || web::post().to(flags::location_needed),
        ),
        get("/debtors/{id}/consents", Needs(C::ViewPlacements), || {
            web::get().to(consents::list)
        }),
        get("/debtors/{id}/consents/new", Needs(C::RecordFlags), || {
            web::get().to(consents::new)
        }),
        post("/debtors/{id}/consents", Needs(C::RecordFlags), || {
            web::post().to(consents::create)
        }),
        get(
            "/debtors/{id}/consents/{consent}/revoke",
            Needs(C::RevokeConsents),
            || web::get().to(consents::revoke_form),
        ),
        post(
            "/debtors/{id}/consents/{consent}/revoke",
            Needs(C::RevokeConsents),
            || web::post().to(consents::revoke),
        ),
        get("/dnc", Needs(C::ViewCompliance), || {
            web::get().to(dnc::list)
        }),
        post("/dnc/numbers", Needs(C::WorkAlerts), || {
            web::post().to(dnc::add)
        }),
        get("/dnc/numbers/{number}/remove", Needs(C::WorkAlerts), || {
            web::get().to(dnc::remove_form)
        }),
        post("/dnc/numbers/{number}/remove", Needs(C::WorkAlerts), || {
            web::post().to(dnc::remove)
        }),
    ]
}

/// Series of emails, what comes back, and the way out of them.
fn mail() -> Vec<Entry> {
    use Access::{Needs, Provider, Public};
    use Capability as C;
    use dashboard::{emails, replies};
    vec![
        post("/hooks/email/inbound", Provider, || {
            web::post().to(hooks::email::inbound)
        }),
        post("/hooks/email/events", Provider, || {
            web::post().to(hooks::email::events)
        }),
        get("/replies", Needs(C::ViewCompliance), || {
            web::get().to(replies::list)
        }),
        get("/replies/{id}", Needs(C::ViewCompliance), || {
            web::get().to(replies::show)
        }),
        post("/replies/{id}", Needs(C::WorkAlerts), || {
            web::post().to(replies::decide)
        }),
        get("/u/{token}", Public, || {
            web::get().to(portal::unsubscribe::ask)
        }),
        post("/u/{token}", Public, || {
            web::post().to(portal::unsubscribe::end)
        }),
        get(
            "/placements/{id}/emails/{sequence}/preview",
            Needs(C::ManagePlacements),
            || web::get().to(emails::preview),
        ),
        post(
            "/placements/{id}/emails/{sequence}/pause",
            Needs(C::ManagePlacements),
            || web::post().to(emails::pause),
        ),
        post(
            "/placements/{id}/emails/{sequence}/resume",
            Needs(C::ManagePlacements),
            || web::post().to(emails::resume),
        ),
    ]
}

/// What the voice provider tells us.
fn voice() -> Vec<Entry> {
    vec![
        post("/hooks/voice/status", Access::Provider, || {
            web::post().to(hooks::voice::status)
        }),
        post("/hooks/voice/answer", Access::Provider, || {
            web::post().to(hooks::voice::answer)
        }),
    ]
}

/// The API, whose operations also describe themselves to programs.
fn api() -> Vec<Entry> {
    operations::all()
        .into_iter()
        .map(|operation| Entry {
            method: operation.method,
            path: operation.path,
            access: operation.access,
            handler: operation.handler,
        })
        .collect()
}

/// The access of a route by method and pattern; none where the table has no such line. HEAD is
/// answered as GET.
pub fn access(method: &Method, pattern: &str) -> Option<Access> {
    static BY_PATTERN: LazyLock<HashMap<&'static str, Vec<(Method, Access)>>> =
        LazyLock::new(|| {
            let mut map: HashMap<&'static str, Vec<(Method, Access)>> = HashMap::new();
            for entry in table() {
                map.entry(entry.path)
                    .or_default()
                    .push((entry.method, entry.access));
            }
            map
        });
    let method = if *method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    BY_PATTERN
        .get(pattern)?
        .iter()
        .find(|(known, _)| known == method)
        .map(|(_, access)| *access)
}

/// Registers the table.
pub fn configure(config: &mut web::ServiceConfig) {
    let mut paths: Vec<&'static str> = Vec::new();
    let table = table();
    for entry in &table {
        if !paths.contains(&entry.path) {
            paths.push(entry.path);
        }
    }
    for path in paths {
        let mut resource = web::resource(path);
        for entry in table.iter().filter(|entry| entry.path == path) {
            resource = resource.route((entry.handler)());
        }
        config.service(resource);
    }
}
