//! Time zones in words, the same on every page.

use chrono_tz::Tz;

/// A time zone by the name people give it: "Eastern time"; else by its place: "Boise time".
pub fn name(zone: Tz) -> String {
    let known = match zone.name() {
        "America/New_York" => "Eastern",
        "America/Chicago" => "Central",
        "America/Denver" => "Mountain",
        "America/Phoenix" => "Arizona",
        "America/Los_Angeles" => "Pacific",
        "America/Anchorage" => "Alaska",
        "America/Puerto_Rico" => "Atlantic",
        "Pacific/Honolulu" => "Hawaii",
        "Pacific/Pago_Pago" => "Samoa",
        "UTC" | "Etc/UTC" => return "UTC".to_owned(),
        other => {
            let place = other.rsplit('/').next().unwrap_or(other);
            return format!("{} time", place.replace('_', " "));
        }
    };
    format!("{known} time")
}

/// A zone by the name it has on file; one that is none stays as it stands.
pub fn on_file(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), name)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_zone_has_the_name_people_give_it() {
        for (tz, name) in [
            (chrono_tz::America::New_York, "Eastern time"),
            (chrono_tz::Pacific::Honolulu, "Hawaii time"),
            (chrono_tz::Pacific::Guam, "Guam time"),
            (chrono_tz::America::Kentucky::Louisville, "Louisville time"),
            (chrono_tz::UTC, "UTC"),
        ] {
            assert_eq!(super::name(tz), name);
        }
    }
}
