//! Style, script, fonts and icons: embedded in the binary and served under a path that carries
//! the hash of their content, so that a browser may keep them for ever.
//!
//! `/static/{tag}/{name}`: with the right tag the answer is immutable; with another tag (a page
//! rendered by an older release) it is the same bytes, to be asked for again next time. In debug
//! builds the files are read from disk at each request, so that an edit shows on reload.

use std::borrow::Cow;
use std::fmt::Write as _;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// The stylesheet's parts, in the order in which they are joined into `app.css`.
const STYLE_PARTS: [&str; 7] = [
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/parts.css",
    "css/pages.css",
    "css/portal.css",
    "css/print.css",
];

/// The script modules of every dashboard page. Each stands alone and only adds convenience.
pub const PAGE_MODULES: [&str; 5] = [
    "js/clock.js",
    "js/copy.js",
    "js/dialog.js",
    "js/forms.js",
    "js/keys.js",
];

/// The name under which the joined stylesheet is served.
const STYLESHEET: &str = "app.css";

const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// One file as it goes over the wire.
struct Asset {
    bytes: Cow<'static, [u8]>,
    /// The first eight bytes of the SHA-256 of `bytes`, in hex.
    tag: String,
}

impl Asset {
    fn new(bytes: Cow<'static, [u8]>) -> Self {
        let tag = Sha256::digest(&bytes).iter().take(8).fold(
            String::with_capacity(16),
            |mut tag, byte| {
                // Writing to a String cannot fail.
                let _ = write!(tag, "{byte:02x}");
                tag
            },
        );
        Self { bytes, tag }
    }

    fn load(name: &str) -> Option<Self> {
        if name == STYLESHEET {
            return Some(Self::new(Cow::Owned(stylesheet().into_bytes())));
        }
        if name.starts_with("css/") {
            return None;
        }
        Files::get(name).map(|file| Self::new(file.data))
    }
}

/// Joins the parts, drops the indentation, which nobody reads over the wire, and points
/// `url("../…")` at the tagged address of the file.
fn stylesheet() -> String {
    let mut joined = String::new();
    for part in STYLE_PARTS {
        let Some(file) = Files::get(part) else {
            continue;
        };
        for line in String::from_utf8_lossy(&file.data).lines() {
            joined.push_str(line.trim_start());
            joined.push('\n');
        }
    }
    let mut linked = String::with_capacity(joined.len());
    let mut rest = joined.as_str();
    while let Some((before, after)) = rest.split_once("url(\"../") {
        linked.push_str(before);
        let (name, after) = after.split_once('"').unwrap_or((after, ""));
        let _ = write!(linked, "url(\"{}\"", asset(name));
        rest = after;
    }
    linked.push_str(rest);
    linked
}

#[cfg(not(debug_assertions))]
mod table {
    use super::{Asset, Files, STYLESHEET};
    use std::collections::HashMap;
    use std::sync::LazyLock;

    static FILES: LazyLock<HashMap<String, Asset>> = LazyLock::new(|| {
        Files::iter()
            .filter_map(|name| Asset::load(&name).map(|asset| (name.into_owned(), asset)))
            .collect()
    });
    static STYLE: LazyLock<Option<Asset>> = LazyLock::new(|| Asset::load(STYLESHEET));

    pub(super) fn find(name: &str) -> Option<&'static Asset> {
        if name == STYLESHEET {
            return STYLE.as_ref();
        }
        FILES.get(name)
    }
}

#[cfg(debug_assertions)]
mod table {
    use super::Asset;

    pub(super) fn find(name: &str) -> Option<Asset> {
        Asset::load(name)
    }
}

/// The address of a file of `static/`, for templates: `asset("icons.svg")`.
///
/// A name that is not there gets an address that answers 404; the test beside this function
/// asks for every name that a template uses.
pub fn asset(name: &str) -> String {
    let tag = table::find(name).map_or_else(|| "none".to_owned(), |asset| asset.tag.clone());
    format!("/static/{tag}/{name}")
}

/// Answers `GET /static/{tag}/{name}`: 200, 304 when the browser has it already, or 404.
pub async fn serve(request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (tag, name) = path.into_inner();
    let Some(asset) = table::find(&name) else {
        return HttpResponse::NotFound()
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((CACHE_CONTROL, ASK_AGAIN))
            .content_type("text/plain; charset=utf-8")
            .body("There is no such file.");
    };
    let etag = format!("\"{}\"", asset.tag);
    let lifetime = if tag == asset.tag { FOREVER } else { ASK_AGAIN };
    let known = request
        .headers()
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value
                .split(',')
                .any(|candidate| candidate.trim().trim_start_matches("W/") == etag)
        });
    let mut answer = if known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    answer
        .insert_header((ETAG, etag))
        .insert_header((CACHE_CONTROL, lifetime))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CONTENT_TYPE, content_type(&name)));
    if known {
        answer.finish()
    } else {
        answer.body(asset.bytes.to_vec())
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Every address with its bytes.
#[cfg(test)]
pub(crate) fn all_for_test() -> Vec<(String, Vec<u8>)> {
    Files::iter()
        .map(Cow::into_owned)
        .chain([STYLESHEET.to_owned()])
        .filter_map(|name| Asset::load(&name).map(|file| (asset(&name), file.bytes.into_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::shell::Section;
    use crate::web::view::part::{Direction, Tone};
    use crate::web::view::portal::ChoiceKind;
    use crate::web::view::timeline::EventKind;
    use actix_web::http::StatusCode;
    use actix_web::{App, test};
    use std::path::Path;

    async fn get(uri: &str, if_none_match: Option<&str>) -> actix_web::dev::ServiceResponse {
        let app =
            test::init_service(App::new().route("/static/{tag}/{name:.*}", web::get().to(serve)))
                .await;
        let mut request = test::TestRequest::get().uri(uri);
        if let Some(etag) = if_none_match {
            request = request.insert_header((IF_NONE_MATCH, etag));
        }
        test::call_service(&app, request.to_request()).await
    }

    fn header(answer: &actix_web::dev::ServiceResponse, name: &str) -> String {
        answer
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    }

    #[actix_web::test]
    async fn every_file_is_served_for_ever_under_its_tag_and_revalidates_to_304() {
        let names = Files::iter()
            .map(Cow::into_owned)
            .filter(|name| !name.starts_with("css/"))
            .chain([STYLESHEET.to_owned()]);
        for name in names {
            let answer = get(&asset(&name), None).await;
            assert_eq!(answer.status(), StatusCode::OK, "{name}");
            assert_eq!(header(&answer, "cache-control"), FOREVER, "{name}");
            assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
            assert_ne!(
                header(&answer, "content-type"),
                "application/octet-stream",
                "{name} needs a content type"
            );
            let etag = header(&answer, "etag");
            let again = get(&asset(&name), Some(&etag)).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{name}");
            assert_eq!(header(&again, "etag"), etag, "{name}");
        }
    }

    #[actix_web::test]
    async fn an_old_tag_gets_the_new_bytes_without_a_promise_to_keep_them() {
        let answer = get("/static/0011223344556677/app.css", None).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(header(&answer, "cache-control"), ASK_AGAIN);
    }

    #[actix_web::test]
    async fn a_file_that_is_not_there_is_404_and_so_is_a_path_out_of_the_folder() {
        for uri in [
            "/static/0/nothing.css",
            "/static/0/css/tokens.css",
            "/static/0/../Cargo.toml",
            "/static/0/..%2fCargo.toml",
            "/static/0/%2e%2e/Cargo.toml",
        ] {
            assert_eq!(
                get(uri, None).await.status(),
                StatusCode::NOT_FOUND,
                "{uri}"
            );
        }
    }

    #[test]
    async fn the_stylesheet_holds_every_part_and_points_at_the_tagged_font() {
        let style = stylesheet();
        let parts = Files::iter()
            .filter(|name| name.starts_with("css/"))
            .count();
        assert_eq!(parts, STYLE_PARTS.len(), "a part is not listed");
        assert!(style.contains(&asset("fonts/inter-latin.woff2")));
        assert!(!style.contains("../"), "an address was left relative");
        assert!(
            style.len() < 40_000,
            "the stylesheet is {} bytes",
            style.len()
        );
    }

    #[test]
    async fn every_file_and_icon_that_a_template_names_is_there() {
        let sprite = String::from_utf8(Files::get("icons.svg").unwrap().data.into_owned()).unwrap();
        let chosen_in_code = EventKind::ALL
            .map(EventKind::icon)
            .into_iter()
            .chain(Section::ALL.map(Section::icon))
            .chain(Tone::ALL.map(Tone::icon))
            .chain(ChoiceKind::ALL.map(ChoiceKind::icon))
            .chain([Direction::Ascending, Direction::Descending].map(Direction::word));
        for icon in chosen_in_code {
            assert!(
                sprite.contains(&format!("<symbol id=\"{icon}\"")),
                "{icon} is not in the sprite"
            );
        }
        for name in PAGE_MODULES {
            assert!(table::find(name).is_some(), "{name} is not in static/");
        }
        let mut templates = Vec::new();
        collect(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("templates")
                .as_path(),
            &mut templates,
        );
        assert!(!templates.is_empty());
        for template in templates {
            for name in quoted_after(&template, "asset(\"") {
                assert!(table::find(&name).is_some(), "{name} is not in static/");
            }
            for icon in quoted_after(&template, "icon(\"") {
                assert!(
                    sprite.contains(&format!("<symbol id=\"{icon}\"")),
                    "{icon} is not in the sprite"
                );
            }
        }
    }

    fn collect(folder: &Path, into: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, into);
            } else {
                into.push(std::fs::read_to_string(&path).unwrap());
            }
        }
    }

    fn quoted_after(text: &str, marker: &str) -> Vec<String> {
        text.split(marker)
            .skip(1)
            .filter_map(|rest| rest.split_once('"').map(|(name, _)| name.to_owned()))
            .collect()
    }
}
