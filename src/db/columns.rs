//! How the words of `domain` are stored, the same way on both databases.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};

use crate::domain::access::Role;
use crate::domain::api_key::ApiKeyAccess;
use crate::domain::consent::{ConsentKind, GivenTo};
use crate::domain::id::Id;
use crate::domain::import::{ImportKind, ImportStatus};
use crate::domain::money::{BasisPoints, Cents};
use crate::domain::payment::{PaymentMethod, PaymentSource};
use crate::domain::phone::PhoneNumber;
use crate::domain::placement::{PlacementStatus, RecallReason};
use crate::domain::posture::Posture;
use crate::domain::stop::{FlagKind, Medium, Requester, StopScope};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::domain::webhook::{DeliveryStatus, DisabledBecause, EndpointStatus};

/// Makes a type usable as a column of one SQL type: what diesel's derives would write if the
/// types stood beside the database and not in `domain`.
macro_rules! column {
    ($sql:ty, $type:ty $(, $param:ident)?) => {
        impl<$($param,)?> AsExpression<$sql> for $type {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl<'expr $(, $param)?> AsExpression<$sql> for &'expr $type {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl<$($param,)?> AsExpression<Nullable<$sql>> for $type {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl<'expr $(, $param)?> AsExpression<Nullable<$sql>> for &'expr $type {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl<DB, $($param,)?> ToSql<Nullable<$sql>, DB> for $type
        where
            DB: Backend,
            Self: ToSql<$sql, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                ToSql::<$sql, DB>::to_sql(self, out)
            }
        }

        impl<DB, $($param,)?> Queryable<$sql, DB> for $type
        where
            DB: Backend,
            Self: FromSql<$sql, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}

column!(Text, Id<K>, K);

impl<K: 'static, DB> ToSql<Text, DB> for Id<K>
where
    DB: Backend,
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_str().to_sql(out)
    }
}

impl<K: 'static, DB> FromSql<Text, DB> for Id<K>
where
    DB: Backend,
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        String::from_sql(bytes)?.parse().map_err(Into::into)
    }
}

column!(Timestamp, Instant);

impl<DB> ToSql<Timestamp, DB> for Instant
where
    DB: Backend,
    chrono::NaiveDateTime: ToSql<Timestamp, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_naive_utc().to_sql(out)
    }
}

column!(BigInt, Cents);

impl<DB> ToSql<BigInt, DB> for Cents
where
    DB: Backend,
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_i64().to_sql(out)
    }
}

impl<DB> FromSql<BigInt, DB> for Cents
where
    DB: Backend,
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(bytes).map(Self::new)
    }
}

column!(BigInt, PhoneNumber);

impl<DB> ToSql<BigInt, DB> for PhoneNumber
where
    DB: Backend,
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_i64().to_sql(out)
    }
}

impl<DB> FromSql<BigInt, DB> for PhoneNumber
where
    DB: Backend,
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Self::from_national(i64::from_sql(bytes)?).map_err(Into::into)
    }
}

column!(Integer, BasisPoints);

impl<DB> ToSql<Integer, DB> for BasisPoints
where
    DB: Backend,
    i32: ToSql<Integer, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_i32().to_sql(out)
    }
}

impl<DB> FromSql<Integer, DB> for BasisPoints
where
    DB: Backend,
    i32: FromSql<Integer, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Self::new(i32::from_sql(bytes)?).ok_or_else(|| "a rate outside 0 to 10,000".into())
    }
}

/// A [`TextEnum`] as a text column. A word that is not in the enum is an error, never a default.
macro_rules! word_columns {
    ($($type:ty),+ $(,)?) => {$(
        column!(Text, $type);

        impl<DB> ToSql<Text, DB> for $type
        where
            DB: Backend,
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.as_str().to_sql(out)
            }
        }

        impl<DB> FromSql<Text, DB> for $type
        where
            DB: Backend,
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let word = String::from_sql(bytes)?;
                Self::from_word(&word)
                    .ok_or_else(|| format!("{word:?} is not a known {}", stringify!($type)).into())
            }
        }
    )+};
}

word_columns!(
    ImportKind,
    ImportStatus,
    ApiKeyAccess,
    PaymentMethod,
    PaymentSource,
    PlacementStatus,
    Posture,
    RecallReason,
    Role,
    FlagKind,
    ConsentKind,
    GivenTo,
    Medium,
    Requester,
    StopScope,
    EndpointStatus,
    DisabledBecause,
    DeliveryStatus,
);
