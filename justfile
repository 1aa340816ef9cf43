# Short names for what one does often. Optional: each is a plain command.

# What there is.
default:
    @just --list

# The demo, as a visitor of the repository starts it.
demo *args:
    cargo run --release -- demo {{ args }}

# All tests that this machine can run.
test *args:
    cargo test {{ args }}

# The tests on PostgreSQL: just test-postgres postgres://postgres@127.0.0.1/test
test-postgres url *args:
    FORBEAR_TEST_DATABASE_URL={{ url }} cargo test --test it -- {{ args }}

# What the browser tests need besides Chromium and Node.
browser-tools:
    npm ci --prefix tests/browser --ignore-scripts

# The browser tests; pictures of each page are kept in target/browser-screenshots.
browser:
    FORBEAR_SCREENSHOTS="$PWD/target/browser-screenshots" cargo test --test it browser -- --nocapture

# Before a commit.
check:
    cargo fmt --all
    cargo clippy --all-targets -- -D warnings
    cargo deny check bans licenses sources

# Known vulnerabilities; needs a database that is fetched.
advisories:
    cargo deny check advisories

# Everything that must hold before a change lands.
ci:
    .ci/run
