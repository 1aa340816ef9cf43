#!/usr/bin/env bash
# Mutation testing of the gate alone: changes its code in every way cargo-mutants knows and tells
# which changes no test notices. Copies the gate, the values it uses, the policy and the gate's
# tests into a small crate under target/, which builds in seconds.
#
#   cargo install cargo-mutants --locked
#   tools/gate_mutants.sh                                  # everything
#   tools/gate_mutants.sh -f src/gate/rules/cease.rs       # one file; any option of cargo mutants
#
# GATE_MUTANTS_LAWS=1 adds the laws on random files and the oracle: slower, and sharper where
# instants are searched.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
crate="${CARGO_TARGET_DIR:-$root/target}/gate-mutants"

rm -rf "$crate/src" "$crate/tests" "$crate/config"
mkdir -p "$crate/src/domain" "$crate/src/cli" "$crate/tests"
cp -r "$root/src/gate" "$crate/src/gate"
for module in event hash money phone place placement text_enum time; do
    cp "$root/src/domain/$module.rs" "$crate/src/domain/"
    echo "pub mod $module;"
done >"$crate/src/domain/mod.rs"
cp "$root/src/cli/files.rs" "$crate/src/cli/"
cp -r "$root/config" "$root/Cargo.lock" "$crate/"
cp -r "$root"/tests/gate_* "$crate/tests/"

cat >"$crate/src/lib.rs" <<'RUST'
pub mod cli;
pub mod domain;
pub mod gate;
RUST
cat >"$crate/src/cli/mod.rs" <<'RUST'
#![allow(dead_code)]
pub mod files;
pub enum CliError {
    Other(String),
    Told,
}
fn complain(text: &str) {
    eprintln!("{text}");
}
RUST

tests="gate_cases gate_fields gate_next gate_policy gate_unknown gate_words"
if [ -n "${GATE_MUTANTS_LAWS:-}" ]; then
    tests="$tests gate_laws gate_oracle"
fi
for test in $tests; do
    printf '#[path = "%s.rs"]\nmod %s;\n' "$test" "$test"
done >"$crate/tests/all.rs"

# The versions are those of the program: its own lines, and its Cargo.lock.
dependency() { grep -E "^$1 = " "$root/Cargo.toml"; }
{
    cat <<'TOML'
[package]
name = "forbear"
version = "0.1.0"
edition = "2024"
publish = false
autotests = false

[[test]]
name = "all"
path = "tests/all.rs"

[workspace]

[dependencies]
TOML
    for name in base64 chrono chrono-tz schemars serde serde_json serde_path_to_error sha2 \
        thiserror uuid jiff; do
        dependency "$name"
    done
    printf '\n[profile.dev]\ndebug = false\n\n[profile.dev.package."*"]\nopt-level = 1\n'
} >"$crate/Cargo.toml"

cd "$crate"
cargo test --quiet
if [ $# -eq 0 ]; then
    set -- --file 'src/gate/**/*.rs'
fi
exec cargo mutants --in-place --baseline skip --timeout "${GATE_MUTANTS_TIMEOUT:-60}" "$@"
