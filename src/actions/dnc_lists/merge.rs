//! The next version of a list, block by block: what the file says, and for a list of changes what
//! stood there before.

use std::collections::VecDeque;

use super::sorter::Sorted;
use crate::actions::ctx::Ctx;
use crate::domain::phone_block::{self, PhoneBlock};
use crate::error::{AppError, AppResult};
use crate::intake::dnc::Change;
use crate::store::dnc_lists::{self, BlockRow, Counts};

/// Blocks of the version in force that are read at once.
const PAGE: i64 = 2_000;

/// Lines of one exchange.
const LINES: i64 = phone_block::LINES as i64;

/// Both sides in rising order, so that each is read once and only a page of it is in memory.
pub(super) struct Merge<'a> {
    numbers: Sorted,
    next: Option<(i64, Change)>,
    has_begun: bool,
    base: Base<'a>,
    is_change_list: bool,
    counts: Counts,
}

impl<'a> Merge<'a> {
    pub fn new(
        ctx: &'a Ctx,
        numbers: Sorted,
        base_version: Option<i64>,
        is_change_list: bool,
    ) -> Self {
        Self {
            numbers,
            next: None,
            has_begun: false,
            base: Base {
                ctx,
                version: base_version,
                page: VecDeque::new(),
                last_prefix: 0,
            },
            is_change_list,
            counts: Counts::default(),
        }
    }

    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The next block of the new version, with its prefix.
    pub fn next_block(&mut self) -> AppResult<Option<(i64, PhoneBlock)>> {
        if !self.has_begun {
            self.has_begun = true;
            self.read_number()?;
        }
        loop {
            let of_file = self.next.map(|(number, _)| number / LINES);
            let of_base = self.base.next_prefix()?;
            let Some(prefix) = [of_file, of_base].into_iter().flatten().min() else {
                return Ok(None);
            };
            let old = match of_base == Some(prefix) {
                true => self.base.take(),
                false => Vec::new(),
            };
            let new = self.new_lines(prefix, &old)?;
            self.count(&old, &new);
            if let Some(block) = PhoneBlock::from_lines(&new) {
                return Ok(Some((prefix, block)));
            }
        }
    }

    /// The lines of one exchange in the new version.
    fn new_lines(&mut self, prefix: i64, old: &[u16]) -> AppResult<Vec<u16>> {
        let (mut lines, mut removed) = (Vec::new(), Vec::new());
        while let Some((number, change)) = self.next
            && number / LINES == prefix
        {
            let line = u16::try_from(number % LINES).unwrap_or(0);
            match change {
                Change::Add => lines.push(line),
                Change::Remove => removed.push(line),
            }
            self.read_number()?;
        }
        if self.is_change_list {
            lines.extend_from_slice(old);
            lines.sort_unstable();
            lines.dedup();
            lines.retain(|line| removed.binary_search(line).is_err());
        }
        Ok(lines)
    }

    fn count(&mut self, old: &[u16], new: &[u16]) {
        let missing = |these: &[u16], those: &[u16]| {
            let missing = these
                .iter()
                .filter(|line| those.binary_search(line).is_err());
            i64::try_from(missing.count()).unwrap_or(i64::MAX)
        };
        self.counts.numbers += i64::try_from(new.len()).unwrap_or(i64::MAX);
        self.counts.added += missing(new, old);
        self.counts.removed += missing(old, new);
    }

    fn read_number(&mut self) -> AppResult<()> {
        self.next = self.numbers.next_number().map_err(AppError::internal)?;
        Ok(())
    }
}

/// The version in force, a page at a time.
struct Base<'a> {
    ctx: &'a Ctx,
    /// `None` where there is none, and once all of it is read.
    version: Option<i64>,
    page: VecDeque<BlockRow>,
    last_prefix: i64,
}

impl Base<'_> {
    fn next_prefix(&mut self) -> AppResult<Option<i64>> {
        if self.page.is_empty()
            && let Some(version) = self.version
        {
            let after = self.last_prefix;
            let page = self
                .ctx
                .read(|conn| Ok(dnc_lists::blocks_after(conn, version, after, PAGE)?))?;
            match page.last() {
                Some(last) => self.last_prefix = last.prefix,
                None => self.version = None,
            }
            self.page = page.into();
        }
        Ok(self.page.front().map(|block| block.prefix))
    }

    /// The lines of the block that [`Base::next_prefix`] named.
    fn take(&mut self) -> Vec<u16> {
        self.page
            .pop_front()
            .map(|block| phone_block::lines(&block.lines))
            .unwrap_or_default()
    }
}
