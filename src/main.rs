use std::process::ExitCode;

/// A page is thousands of small pieces of memory, made on one thread and dropped on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    forbear::cli::run()
}
