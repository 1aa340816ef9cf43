//! Passwords: hashed with Argon2id, never more than two at once.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use crate::error::{AppError, AppResult};

/// The shortest password that is accepted.
pub const SHORTEST: usize = 12;
/// The longest, in bytes: hashing must not become a way to keep us busy.
pub const LONGEST: usize = 256;

/// 19 MiB, two passes, one lane: the first choice of the OWASP password storage guide.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How many hashes run at the same time: each holds [`MEMORY_KIB`].
const AT_ONCE: usize = 2;

/// Hashes and checks passwords on blocking threads.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    params: Params,
    /// The hash of a password nobody has, so that an unknown name takes as long as a known one.
    decoy: Arc<str>,
}

impl Passwords {
    pub fn new() -> AppResult<Self> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(AppError::internal)?;
        Self::with_params(params)
    }

    /// Weak and quick, for tests that sign many people in.
    pub fn for_tests() -> AppResult<Self> {
        let params = Params::new(Params::MIN_M_COST, 1, 1, None).map_err(AppError::internal)?;
        Self::with_params(params)
    }

    fn with_params(params: Params) -> AppResult<Self> {
        let decoy = hash(&params, "a password that nobody has")?;
        Ok(Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            params,
            decoy: decoy.into(),
        })
    }

    /// Hashes off the async threads.
    pub async fn hash(&self, password: String) -> AppResult<String> {
        let params = self.params.clone();
        self.run(move || hash(&params, &password)).await?
    }

    /// Hashes on this thread, for the command line and the demo.
    pub fn hash_blocking(&self, password: &str) -> AppResult<String> {
        hash(&self.params, password)
    }

    /// Whether `password` is the one behind `stored`. Takes as long when there is none.
    pub async fn verify(&self, password: String, stored: Option<String>) -> AppResult<bool> {
        let decoy = Arc::clone(&self.decoy);
        self.run(move || {
            let hash = stored.as_deref().unwrap_or(&decoy);
            let matches = PasswordHash::new(hash).is_ok_and(|parsed| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &parsed)
                    .is_ok()
            });
            matches && stored.is_some()
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> AppResult<T> {
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(AppError::internal)?;
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        })
        .await
        .map_err(AppError::internal)
    }
}

fn hash(params: &Params, password: &str) -> AppResult<String> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    argon2
        .hash_password(password.as_bytes())
        .map(|hash: PasswordHash| hash.to_string())
        .map_err(AppError::internal)
}

/// Why a new password isn't taken, in words, or `None`. The password may not be the person's own
/// email address or be made of one character.
pub fn objection(password: &str, email: &str) -> Option<&'static str> {
    let mut characters = password.chars();
    let first = characters.next();
    if password.chars().count() < SHORTEST {
        Some("Use at least 12 characters.")
    } else if password.len() > LONGEST {
        Some("Use at most 256 characters.")
    } else if characters.all(|c| Some(c) == first) {
        Some("Use more than one character.")
    } else if password.eq_ignore_ascii_case(email) {
        Some("Don\u{2019}t use your email address as password.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn only_the_right_password_matches_and_an_unknown_name_never_does() {
        let passwords = Passwords::for_tests().unwrap();
        let stored = passwords.hash("correct horse".to_owned()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        let verify = |typed: &str, stored: Option<&str>| {
            passwords.verify(typed.to_owned(), stored.map(str::to_owned))
        };
        assert!(verify("correct horse", Some(&stored)).await.unwrap());
        assert!(!verify("wrong horse", Some(&stored)).await.unwrap());
        assert!(!verify("a password that nobody has", None).await.unwrap());
        assert!(!verify("x", Some("not a hash")).await.unwrap());
    }

    #[test]
    fn weak_passwords_are_refused_in_words() {
        assert!(objection("short", "a@b.example").is_some());
        assert!(objection("aaaaaaaaaaaaaaaa", "a@b.example").is_some());
        assert!(objection("someone@b.example", "someone@b.example").is_some());
        assert_eq!(objection("a long enough one", "a@b.example"), None);
    }
}
