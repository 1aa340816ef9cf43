//! Fills the demonstration: two creditors, their people, keys and files, each through the same
//! action that a user has.

use crate::actions::api_keys;
use crate::actions::creditors::{self, NewCreditor};
use crate::actions::ctx::Ctx;
use crate::actions::dnc::{self, DncScope};
use crate::actions::imports::{self, MappingForm, Upload};
use crate::actions::people::{self, NewPerson};
use crate::actions::portal::links;
use crate::domain::access::Role;
use crate::domain::actor::Actor;
use crate::domain::api_key::ApiKeyAccess;
use crate::domain::id::{CreditorId, UserId};
use crate::domain::import::ImportKind;
use crate::domain::money::BasisPoints;
use crate::domain::text_enum::TextEnum;
use crate::error::{AppError, AppResult};
use crate::keys::random_code;
use crate::store::{Scope, placing};

use super::past::{self, Partner};
use super::sheet::{KeyLine, LinkLine, PersonLine, Sheet};

const ACTOR: Actor = Actor::System("demo");

/// Portal links made for each creditor.
const LINKS: usize = 3;

/// Accounts among which there are enough debtors for [`LINKS`].
const FEW: i64 = 20;

/// A creditor of the demonstration, with its files.
struct Sample {
    name: &'static str,
    /// The host of its people's addresses.
    host: &'static str,
    contingency_bps: i32,
    phone: &'static str,
    address: &'static str,
    placements: (&'static str, &'static [u8]),
    history: (&'static str, &'static [u8]),
}

const SAMPLES: [Sample; 2] = [
    Sample {
        name: "Cedar Harbor Medical Group",
        host: "cedar-harbor.example",
        contingency_bps: 2_500,
        phone: "(503) 555-0110",
        address: "400 Harbor Avenue, Portland, OR 97209",
        placements: (
            "placements-cedar-harbor-medical.csv",
            include_bytes!("../../demo/placements-cedar-harbor-medical.csv"),
        ),
        history: (
            "contact-history-cedar-harbor-medical.csv",
            include_bytes!("../../demo/contact-history-cedar-harbor-medical.csv"),
        ),
    },
    Sample {
        name: "Granite Ridge Building Supply",
        host: "granite-ridge.example",
        contingency_bps: 1_800,
        phone: "(603) 555-0120",
        address: "77 Quarry Road, Concord, NH 03301",
        placements: (
            "placements-granite-ridge-supply.csv",
            include_bytes!("../../demo/placements-granite-ridge-supply.csv"),
        ),
        history: (
            "contact-history-granite-ridge-supply.csv",
            include_bytes!("../../demo/contact-history-granite-ridge-supply.csv"),
        ),
    },
];

const DO_NOT_CALL: &[u8] = include_bytes!("../../demo/do-not-call.csv");

/// The agency's own people.
const STAFF: [(Role, &str, &str); 4] = [
    (Role::Agent, "agent@northgate.example", "Alex Moreno"),
    (
        Role::Supervisor,
        "supervisor@northgate.example",
        "Sam Okafor",
    ),
    (
        Role::Compliance,
        "compliance@northgate.example",
        "Casey Lindqvist",
    ),
    (
        Role::Administrator,
        "admin@northgate.example",
        "Robin Varga",
    ),
];

/// Brings everything in and returns what somebody needs to look around.
pub(super) fn fill(ctx: &Ctx, url: String) -> AppResult<Sheet> {
    let begun = past::then(ctx, past::beginning(ctx.now()));
    let (users, partners, supervisor) = people_and_files(&begun)?;
    past::live(ctx, &partners, &supervisor)?;
    let mut keys = Vec::new();
    let mut links = Vec::new();
    for (sample, partner) in SAMPLES.iter().zip(&partners) {
        keys.extend(creditors_keys(ctx, sample, partner.creditor)?);
        links.extend(portal_links(ctx, partner.creditor)?);
    }
    let (_, staff_key) = api_keys::create(
        ctx,
        &ACTOR,
        None,
        ApiKeyAccess::Staff,
        "Demonstration: compliance desk and voice",
    )?;
    Ok(Sheet {
        url,
        users,
        api_keys: keys,
        staff_key,
        portal: links,
    })
}

/// Everybody who can sign in, the creditors with what they place, and the do-not-call list.
fn people_and_files(ctx: &Ctx) -> AppResult<(Vec<PersonLine>, Vec<Partner>, Actor)> {
    let mut users = Vec::new();
    let mut partners = Vec::new();
    dnc::load(ctx, &ACTOR, DncScope::Agency, DO_NOT_CALL)?;
    for sample in &SAMPLES {
        let creditor = creditor(ctx, sample)?;
        let (admin, people) = creditors_people(ctx, sample)?;
        users.extend(people);
        bring_in(
            ctx,
            &admin,
            creditor,
            ImportKind::Placements,
            sample.placements,
        )?;
        bring_in(ctx, &admin, creditor, ImportKind::Contacts, sample.history)?;
        partners.push(Partner { creditor, admin });
    }
    let mut supervisor = ACTOR;
    for (role, email, name) in STAFF {
        let (id, line) = person(ctx, role, None, email.to_owned(), name)?;
        users.push(line);
        if role == Role::Supervisor {
            supervisor = Actor::User(id);
        }
    }
    Ok((users, partners, supervisor))
}

fn creditor(ctx: &Ctx, sample: &Sample) -> AppResult<CreditorId> {
    let contingency = BasisPoints::new(sample.contingency_bps)
        .ok_or_else(|| AppError::internal("a rate outside 0 to 10,000"))?;
    creditors::add(
        ctx,
        &ACTOR,
        NewCreditor {
            name: sample.name.to_owned(),
            contingency,
            contact_email: Some(format!("billing@{}", sample.host)),
            contact_phone: Some(sample.phone.to_owned()),
            postal_address: Some(sample.address.to_owned()),
        },
    )
}

/// Its admin, who brings in its files, and everybody's sign-in.
fn creditors_people(ctx: &Ctx, sample: &Sample) -> AppResult<(Actor, Vec<PersonLine>)> {
    let add = |role, local, name| {
        let email = format!("{local}@{}", sample.host);
        person(ctx, role, Some(sample.name), email, name)
    };
    let (admin, first) = add(Role::CreditorAdmin, "admin", "Jordan Pell")?;
    let (_, second) = add(Role::CreditorMember, "member", "Taylor Brandt")?;
    Ok((Actor::User(admin), vec![first, second]))
}

fn person(
    ctx: &Ctx,
    role: Role,
    creditor: Option<&str>,
    email: String,
    name: &str,
) -> AppResult<(UserId, PersonLine)> {
    let password = random_code(16)?.to_lowercase();
    let id = people::add(
        ctx,
        &ACTOR,
        NewPerson {
            email: email.clone(),
            name: name.to_owned(),
            role,
            creditor_name: creditor.map(str::to_owned),
            password: password.clone(),
        },
    )?;
    let line = PersonLine {
        role: role.as_str().to_owned(),
        creditor: creditor.map(str::to_owned),
        email,
        password,
    };
    Ok((id, line))
}

fn creditors_keys(ctx: &Ctx, sample: &Sample, creditor: CreditorId) -> AppResult<Vec<KeyLine>> {
    [ApiKeyAccess::Full, ApiKeyAccess::Read]
        .into_iter()
        .map(|access| {
            let label = format!("Demonstration: {}", access.label().to_lowercase());
            let (_, key) = api_keys::create(ctx, &ACTOR, Some(creditor), access, &label)?;
            Ok(KeyLine {
                creditor: sample.name.to_owned(),
                creditor_id: creditor.to_string(),
                access: access.as_str().to_owned(),
                key,
            })
        })
        .collect()
}

/// One file, as a user brings it in who agrees with every guess.
fn bring_in(
    ctx: &Ctx,
    actor: &Actor,
    creditor: CreditorId,
    kind: ImportKind,
    (file_name, bytes): (&str, &[u8]),
) -> AppResult<()> {
    let upload = Upload {
        creditor,
        kind,
        file_name: file_name.to_owned(),
        bytes: bytes.to_vec(),
        windows_1252: false,
    };
    let id = imports::upload(ctx, actor, &upload)?;
    let scope = Scope::Creditor(creditor);
    let guessed = imports::mapping(ctx, scope, id)?;
    let form = MappingForm {
        columns: guessed
            .columns
            .iter()
            .map(|column| column.field.map(str::to_owned))
            .collect(),
        date_order: guessed.date_order,
        // Letters are given by date only, in the clock of the offices.
        zone: Some("America/New_York".to_owned()),
        move_to_now: true,
    };
    imports::map(ctx, actor, scope, id, &form)?.map_err(|errors| {
        let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
        AppError::internal(format!("{file_name}: {}", texts.join(" ")))
    })?;
    imports::start(ctx, actor, scope, id, false)?;
    imports::run_all(ctx)?;
    Ok(())
}

/// Links for a few debtors who can be reached and have stopped nothing, so that there is
/// something to stop.
fn portal_links(ctx: &Ctx, creditor: CreditorId) -> AppResult<Vec<LinkLine>> {
    // Some debtors have several accounts.
    let mut accounts = ctx.read(|conn| Ok(placing::in_outreach(conn, creditor, FEW)?))?;
    accounts.dedup_by_key(|(_, debtor, _)| *debtor);
    accounts
        .into_iter()
        .take(LINKS)
        .map(|(placement, _, name)| {
            let scope = Scope::Creditor(creditor);
            let (_, link) = links::create_link(ctx, &ACTOR, scope, placement, links::LIFETIME)?;
            Ok(LinkLine {
                placement_id: placement.to_string(),
                debtor: name,
                link,
            })
        })
        .collect()
}
