//! Checking an audit chain row by row, in constant memory, and naming the first bad row.
//!
//! A row is taken as it is stored: whoever edited it may have left something that is no id and no
//! event of ours. One row of look-ahead is kept, because a row that doesn't follow from the one
//! before it tells only together with the next one which of the two was tampered with.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::audit_chain::{GENESIS, hash_fields};

/// One row as stored; one line of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub chain: String,
    pub seq: i64,
    pub id: String,
    /// RFC 3339 in UTC.
    pub at: String,
    pub kind: String,
    pub actor: String,
    pub debtor_id: Option<String>,
    pub placement_id: Option<String>,
    pub cause: Option<String>,
    /// JSON text exactly as stored.
    pub body: String,
    pub prev_hash: String,
    pub hash: String,
}

impl Row {
    /// What its hash would be at another place of the chain.
    fn hash_at(&self, seq: i64, prev_hash: &str) -> String {
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        hash_fields([
            &self.chain,
            &seq.to_string(),
            &self.id,
            &self.at,
            &self.kind,
            &self.actor,
            &or_empty(&self.debtor_id),
            &or_empty(&self.placement_id),
            &or_empty(&self.cause),
            &self.body,
            prev_hash,
        ])
    }

    /// Whether its hash is that of its own contents.
    fn is_sound(&self) -> bool {
        self.was_at(self.seq)
    }

    /// Whether its hash was made for this place.
    fn was_at(&self, seq: i64) -> bool {
        self.hash_at(seq, &self.prev_hash) == self.hash
    }
}

/// How long a chain is and the hash it ends in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub length: i64,
    pub hash: String,
}

impl Head {
    /// Of a chain without a row.
    pub fn empty() -> Self {
        Self {
            length: 0,
            hash: GENESIS.to_owned(),
        }
    }
}

/// Where a chain stops being whole, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    pub chain: String,
    /// The first bad row.
    pub seq: i64,
    pub fault: Fault,
}

/// What is wrong with the first bad row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Its contents are not those its hash was made of.
    Edited,
    /// It was changed together with its own hash: the row after it follows from another one.
    Rewritten,
    /// It and the rows up to this one are not there.
    Missing { through: i64 },
    /// It stands in the place of another row.
    Displaced,
    /// It and the row after it have changed places.
    Swapped,
    /// It was slipped in, and the rows after it were moved on.
    Inserted,
    /// It comes after the end that is kept for the chain.
    BeyondTheEnd,
    /// It is the last row, and the end that is kept for the chain is another.
    OtherEnd,
    /// It belongs to another chain.
    OtherChain,
    /// It can't be read at all.
    Unreadable,
    /// It is not the row that a checkpoint was signed for: the chain was rewritten from here or
    /// from before.
    NotAsSigned,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seq = self.seq;
        match &self.fault {
            Fault::Edited => write!(f, "event {seq} was edited"),
            Fault::Rewritten => write!(
                f,
                "event {seq} was rewritten with a hash of its own; the event after it follows from another"
            ),
            Fault::Missing { through } if *through == seq => write!(f, "event {seq} is missing"),
            Fault::Missing { through } => write!(f, "events {seq} to {through} are missing"),
            Fault::Displaced => write!(f, "event {seq} stands in the place of another"),
            Fault::Swapped => write!(f, "events {seq} and {} have changed places", seq + 1),
            Fault::Inserted => write!(f, "event {seq} was inserted"),
            Fault::BeyondTheEnd => {
                write!(
                    f,
                    "event {seq} comes after the end that is kept for the chain"
                )
            }
            Fault::OtherEnd => write!(
                f,
                "event {seq} is the last, but another end is kept for the chain"
            ),
            Fault::OtherChain => write!(f, "event {seq} belongs to another chain"),
            Fault::Unreadable => write!(f, "event {seq} can't be read"),
            Fault::NotAsSigned => write!(
                f,
                "event {seq} is not the one a checkpoint was signed for: the chain was rewritten"
            ),
        }
    }
}

/// Reads one chain from its beginning, or from a place up to which it is known to be whole.
#[derive(Debug)]
pub struct Verifier {
    chain: String,
    /// Up to here every row is as it should be, as far as can be told.
    head: Head,
    /// The hash of the row before the last.
    before: String,
    /// A row that can be judged only together with the next one.
    suspect: Option<Row>,
    /// What checkpoints say of this chain.
    signed: Vec<Head>,
}

impl Verifier {
    pub fn new(chain: impl Into<String>) -> Self {
        Self::resume(chain, Head::empty())
    }

    /// Goes on after `head`, up to which the chain is known to be whole.
    pub fn resume(chain: impl Into<String>, head: Head) -> Self {
        Self {
            chain: chain.into(),
            head,
            before: GENESIS.to_owned(),
            suspect: None,
            signed: Vec::new(),
        }
    }

    /// Also compares the chain with what a checkpoint says of it. May be called again for
    /// another checkpoint.
    #[must_use]
    pub fn with_signed(mut self, signed: Head) -> Self {
        self.signed.push(signed);
        self
    }

    /// How far the chain has been read.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Takes the next row, in the order of `seq`.
    ///
    /// # Errors
    /// The first bad row. Nothing more can be said of the chain after it.
    pub fn feed(&mut self, row: Row) -> Result<(), Break> {
        if let Some(suspect) = self.suspect.take() {
            return Err(self.judge(&suspect, Some(&row)));
        }
        let expected = self.head.length + 1;
        if row.chain != self.chain {
            return Err(self.broken(expected, Fault::OtherChain));
        }
        if row.seq > expected {
            let through = row.seq - 1;
            return Err(self.broken(expected, Fault::Missing { through }));
        }
        if row.seq < expected {
            return Err(self.broken(row.seq, Fault::Inserted));
        }
        match (row.is_sound(), row.prev_hash == self.head.hash) {
            (true, true) => self.take(&row),
            (false, true) => Err(self.broken(expected, Fault::Edited)),
            (true | false, false) => {
                self.suspect = Some(row);
                Ok(())
            }
        }
    }

    /// Ends the chain. `kept` is the end that the database or the export keeps beside the rows.
    ///
    /// # Errors
    /// The first bad row.
    pub fn finish(mut self, kept: &Head) -> Result<Head, Break> {
        if let Some(suspect) = self.suspect.take() {
            return Err(self.judge(&suspect, None));
        }
        let length = self.head.length;
        if length < kept.length {
            let through = kept.length;
            return Err(self.broken(length + 1, Fault::Missing { through }));
        }
        if length > kept.length {
            return Err(self.broken(kept.length + 1, Fault::BeyondTheEnd));
        }
        if self.head.hash != kept.hash {
            return Err(self.broken(length, Fault::OtherEnd));
        }
        let longest = self.signed.iter().map(|signed| signed.length).max();
        match longest {
            Some(through) if through > length => {
                Err(self.broken(length + 1, Fault::Missing { through }))
            }
            _ => Ok(self.head),
        }
    }

    /// A row that can't be read stands where the next one should.
    pub fn unreadable(&self) -> Break {
        let ahead = i64::from(self.suspect.is_some());
        self.broken(self.head.length + 1 + ahead, Fault::Unreadable)
    }

    fn take(&mut self, row: &Row) -> Result<(), Break> {
        self.before.clone_from(&self.head.hash);
        self.head = Head {
            length: row.seq,
            hash: row.hash.clone(),
        };
        let is_other = |signed: &Head| signed.length == row.seq && signed.hash != row.hash;
        if self.signed.iter().any(is_other) {
            return Err(self.broken(row.seq, Fault::NotAsSigned));
        }
        Ok(())
    }

    /// What is wrong with a row that doesn't follow from the one before it.
    fn judge(&self, row: &Row, next: Option<&Row>) -> Break {
        let seq = row.seq;
        let follows = next.is_none_or(|next| next.prev_hash == row.hash);
        if row.is_sound() {
            // It is whole. Either the row before it is not the one it followed, or, when the next
            // row doesn't follow from it, it is itself the one that was changed.
            return if follows && seq > 1 {
                self.broken(seq - 1, Fault::Rewritten)
            } else {
                self.broken(seq, Fault::Rewritten)
            };
        }
        if row.hash_at(seq, &self.head.hash) == row.hash {
            // Only its link to the row before was changed.
            return self.broken(seq, Fault::Edited);
        }
        if seq > 1 && row.was_at(seq - 1) && row.prev_hash == self.before {
            return self.broken(seq - 1, Fault::Inserted);
        }
        if row.was_at(seq + 1) {
            return if next.is_some_and(|next| next.was_at(seq)) {
                self.broken(seq, Fault::Swapped)
            } else {
                self.broken(seq, Fault::Missing { through: seq })
            };
        }
        self.broken(seq, Fault::Displaced)
    }

    fn broken(&self, seq: i64, fault: Fault) -> Break {
        Break {
            chain: self.chain.clone(),
            seq,
            fault,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(length: i64) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for seq in 1..=length {
            let mut row = Row {
                chain: "platform".to_owned(),
                seq,
                id: format!("id-{seq}"),
                at: "2026-05-13T16:00:00Z".to_owned(),
                kind: "user.added".to_owned(),
                actor: "system:cli".to_owned(),
                debtor_id: None,
                placement_id: (seq % 3 == 0).then(|| format!("placement-{seq}")),
                cause: None,
                body: format!("{{\"n\":{seq}}}"),
                prev_hash: rows
                    .last()
                    .map_or_else(|| GENESIS.to_owned(), |row| row.hash.clone()),
                hash: String::new(),
            };
            row.hash = row.hash_at(seq, &row.prev_hash);
            rows.push(row);
        }
        rows
    }

    fn head_of(rows: &[Row]) -> Head {
        rows.last().map_or_else(Head::empty, |row| Head {
            length: row.seq,
            hash: row.hash.clone(),
        })
    }

    fn verify(rows: &[Row], kept: &Head, signed: Option<Head>) -> Result<Head, Break> {
        let mut verifier = Verifier::new("platform");
        if let Some(signed) = signed {
            verifier = verifier.with_signed(signed);
        }
        for row in rows {
            verifier.feed(row.clone())?;
        }
        verifier.finish(kept)
    }

    fn found(rows: &[Row], kept: &Head) -> (i64, Fault) {
        let broken = verify(rows, kept, None).unwrap_err();
        (broken.seq, broken.fault)
    }

    /// Numbers the rows from 1 without touching anything else.
    fn renumber(rows: &mut [Row]) {
        for (row, seq) in rows.iter_mut().zip(1..) {
            row.seq = seq;
        }
    }

    /// Makes every hash from this row on right again.
    fn reforge(rows: &mut [Row], from: usize) {
        for i in from..rows.len() {
            rows[i].prev_hash = match i.checked_sub(1) {
                Some(before) => rows[before].hash.clone(),
                None => GENESIS.to_owned(),
            };
            rows[i].hash = rows[i].hash_at(rows[i].seq, &rows[i].prev_hash.clone());
        }
    }

    #[test]
    fn a_whole_chain_is_whole_and_so_is_an_empty_one() {
        let rows = chain(9);
        assert_eq!(verify(&rows, &head_of(&rows), None), Ok(head_of(&rows)));
        assert_eq!(verify(&[], &Head::empty(), None), Ok(Head::empty()));
    }

    #[test]
    fn an_edit_of_any_field_of_any_row_is_found_at_that_row() {
        type Edit = fn(&mut Row);
        let edits: [Edit; 9] = [
            |row| row.id.push('x'),
            |row| row.at = "2026-05-13T16:00:01Z".to_owned(),
            |row| row.kind.push('x'),
            |row| row.actor.push('x'),
            |row| row.debtor_id = Some("someone".to_owned()),
            |row| row.placement_id = Some("elsewhere".to_owned()),
            |row| row.cause = Some("because".to_owned()),
            |row| row.body.push(' '),
            |row| row.prev_hash.replace_range(0..1, "g"),
        ];
        let whole = chain(7);
        for i in 0..7 {
            for edit in edits {
                let mut rows = whole.clone();
                edit(&mut rows[i]);
                let (seq, fault) = found(&rows, &head_of(&whole));
                assert_eq!((seq, fault), (rows[i].seq, Fault::Edited));
            }
        }
    }

    #[test]
    fn an_edit_with_a_hash_of_its_own_is_found_at_that_row() {
        let whole = chain(7);
        for i in 0..7 {
            let mut rows = whole.clone();
            rows[i].body.push(' ');
            rows[i].hash = rows[i].hash_at(rows[i].seq, &rows[i].prev_hash.clone());
            let (seq, fault) = found(&rows, &head_of(&whole));
            let expected = if i == 6 {
                Fault::OtherEnd
            } else {
                Fault::Rewritten
            };
            assert_eq!((seq, fault), (rows[i].seq, expected));
        }
    }

    #[test]
    fn a_missing_row_is_found_whether_or_not_the_others_were_moved_up() {
        let whole = chain(7);
        for i in 0..7 {
            let mut rows = whole.clone();
            rows.remove(i);
            let seq = whole[i].seq;
            let missing = (seq, Fault::Missing { through: seq });
            assert_eq!(found(&rows, &head_of(&whole)), missing);
            if i < 6 {
                renumber(&mut rows);
                assert_eq!(found(&rows, &head_of(&whole)), missing);
            }
        }
        let mut cut = whole.clone();
        cut.truncate(4);
        assert_eq!(
            found(&cut, &head_of(&whole)),
            (5, Fault::Missing { through: 7 })
        );
    }

    #[test]
    fn rows_that_changed_places_are_found_at_the_first_of_them() {
        let whole = chain(8);
        for i in 0..8 {
            for j in i + 1..8 {
                let mut rows = whole.clone();
                rows.swap(i, j);
                renumber(&mut rows);
                let (seq, fault) = found(&rows, &head_of(&whole));
                let expected = if j == i + 1 {
                    Fault::Swapped
                } else {
                    Fault::Displaced
                };
                assert_eq!((seq, fault), (whole[i].seq, expected), "{i} {j}");
            }
        }
    }

    #[test]
    fn an_inserted_row_is_found_however_well_it_was_forged() {
        let whole = chain(7);
        for i in 0..7 {
            let mut rows = whole.clone();
            let mut forged = rows[i].clone();
            forged.body = "{\"forged\":true}".to_owned();
            forged.hash = forged.hash_at(forged.seq, &forged.prev_hash.clone());
            rows.insert(i, forged);
            renumber(&mut rows);
            let kept = Head {
                length: 8,
                ..head_of(&whole)
            };
            assert_eq!(
                found(&rows, &kept),
                (whole[i].seq, Fault::Inserted),
                "before {i}"
            );
        }
        let mut longer = whole.clone();
        let mut forged = longer[6].clone();
        forged.seq = 8;
        longer.push(forged);
        reforge(&mut longer, 7);
        assert_eq!(found(&longer, &head_of(&whole)), (8, Fault::BeyondTheEnd));
    }

    #[test]
    fn a_row_of_another_chain_does_not_pass() {
        let mut rows = chain(3);
        rows[1].chain = "other".to_owned();
        assert_eq!(found(&rows, &head_of(&rows)), (2, Fault::OtherChain));
    }

    #[test]
    fn a_chain_rewritten_whole_is_found_only_with_a_checkpoint() {
        let whole = chain(9);
        let signed = head_of(&whole[..6]);
        for i in 0..6 {
            let mut rows = whole.clone();
            rows[i].body = "{\"history\":\"mine\"}".to_owned();
            reforge(&mut rows, i);
            let kept = head_of(&rows);
            assert!(verify(&rows, &kept, None).is_ok(), "nothing else tells");
            let broken = verify(&rows, &kept, Some(signed.clone())).unwrap_err();
            assert_eq!((broken.seq, broken.fault), (6, Fault::NotAsSigned));
        }
        // What came after the checkpoint is for the next one to tell.
        let mut rows = whole.clone();
        rows[7].body = "{}".to_owned();
        reforge(&mut rows, 7);
        assert!(verify(&rows, &head_of(&rows), Some(signed)).is_ok());
    }

    #[test]
    fn a_chain_cut_short_with_its_end_is_found_with_a_checkpoint() {
        let whole = chain(9);
        let cut = &whole[..4];
        assert!(verify(cut, &head_of(cut), None).is_ok());
        let broken = verify(cut, &head_of(cut), Some(head_of(&whole))).unwrap_err();
        assert_eq!(
            (broken.seq, broken.fault),
            (5, Fault::Missing { through: 9 })
        );
    }

    #[test]
    fn verifying_goes_on_from_where_it_was() {
        let rows = chain(9);
        let mut verifier = Verifier::resume("platform", head_of(&rows[..5]));
        for row in &rows[5..] {
            verifier.feed(row.clone()).unwrap();
        }
        assert_eq!(verifier.finish(&head_of(&rows)), Ok(head_of(&rows)));

        let mut verifier = Verifier::resume("platform", head_of(&rows[..5]));
        let mut edited = rows[6].clone();
        edited.body.push('x');
        verifier.feed(rows[5].clone()).unwrap();
        assert_eq!(verifier.feed(edited).unwrap_err().seq, 7);
    }
}
