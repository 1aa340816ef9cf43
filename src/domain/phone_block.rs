//! The listed numbers of one area code and exchange, as compact as they come.
//!
//! A national list holds hundreds of millions of numbers in some hundred thousand exchanges. A
//! block of an exchange with few listed numbers names their lines, two bytes each; from 625 on it
//! has a bit for each of the 10,000 lines, which is never more.

/// How many lines an exchange has.
pub const LINES: u16 = 10_000;

/// A block of this length has a bit for each line.
const BITS_BYTES: usize = LINES as usize / 8;

/// The lines, the last four digits, that are listed in one exchange; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneBlock(Vec<u8>);

impl PhoneBlock {
    /// From lines in rising order, each below [`LINES`]. `None` where there is none.
    pub fn from_lines(lines: &[u16]) -> Option<Self> {
        if lines.is_empty() {
            return None;
        }
        if lines.len() * 2 < BITS_BYTES {
            return Some(Self(lines.iter().flat_map(|l| l.to_le_bytes()).collect()));
        }
        let mut bits = vec![0; BITS_BYTES];
        for &line in lines {
            if let Some(byte) = bits.get_mut(usize::from(line / 8)) {
                *byte |= 1 << (line % 8);
            }
        }
        Some(Self(bits))
    }

    /// As it is stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Whether a stored block lists a line. Read without copying: this is asked for every contact.
pub fn lists(block: &[u8], line: u16) -> bool {
    if block.len() == BITS_BYTES {
        let byte = block.get(usize::from(line / 8)).copied().unwrap_or(0);
        return byte & (1 << (line % 8)) != 0;
    }
    let (pairs, _) = block.as_chunks::<2>();
    pairs
        .binary_search_by_key(&line, |pair| u16::from_le_bytes(*pair))
        .is_ok()
}

/// The lines that a stored block lists, in rising order.
pub fn lines(block: &[u8]) -> Vec<u16> {
    if block.len() == BITS_BYTES {
        return (0..LINES).filter(|&line| lists(block, line)).collect();
    }
    let (pairs, _) = block.as_chunks::<2>();
    pairs.iter().map(|pair| u16::from_le_bytes(*pair)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_block_lists_what_it_was_made_of_and_nothing_else(
            listed in prop_oneof![
                proptest::collection::btree_set(0..LINES, 1..40),
                proptest::collection::btree_set(0..LINES, 600..650),
                proptest::collection::btree_set(0..LINES, 1_000..3_000),
            ],
        ) {
            let sorted: Vec<u16> = listed.iter().copied().collect();
            let block = PhoneBlock::from_lines(&sorted).expect("not empty");
            prop_assert!(block.as_bytes().len() <= BITS_BYTES);
            prop_assert_eq!(&lines(block.as_bytes()), &sorted);
            let found: BTreeSet<u16> =
                (0..LINES).filter(|&line| lists(block.as_bytes(), line)).collect();
            prop_assert_eq!(found, listed);
        }
    }

    #[test]
    fn the_change_from_names_to_bits_loses_no_line() {
        for count in [1, 624, 625, 626, LINES] {
            let sorted: Vec<u16> = (0..count).collect();
            let block = PhoneBlock::from_lines(&sorted).expect("not empty");
            assert_eq!(lines(block.as_bytes()), sorted, "{count}");
        }
        assert_eq!(PhoneBlock::from_lines(&[]), None);
    }
}
