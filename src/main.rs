use std::process::ExitCode;

fn main() -> ExitCode {
    forbear::cli::run()
}
