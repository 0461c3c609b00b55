-- Harbour & Vale, an insurer, as its warehouse keeps it: facts around dimensions, joined by surrogate numbers, days by
-- key (yyyymmdd, -1 for a day that is not known), traits by code. Nothing is declared: loads would be slower.
CREATE SCHEMA dw;

CREATE TABLE dw.dim_date (
    date_key integer PRIMARY KEY,
    full_date date,
    day_name text,
    month_name text,
    calendar_year integer,
    is_bank_holiday boolean
);

CREATE TABLE dw.dim_policy_holder (
    holder_key integer PRIMARY KEY,
    holder_no text NOT NULL,
    full_name text,
    birth_date date,
    gender_code text,
    marital_code text,
    occupation_code text,
    region_code text,
    postcode text,
    email_address text,
    phone_no text,
    email_consent text,
    phone_consent text,
    joined_date_key integer NOT NULL,
    no_claims_years integer,
    household_income numeric(12, 2),
    is_staff text NOT NULL
);

CREATE TABLE dw.dim_marital_status (code text PRIMARY KEY, description text NOT NULL);
CREATE TABLE dw.dim_occupation (code text PRIMARY KEY, description text NOT NULL, risk_class integer NOT NULL);
CREATE TABLE dw.dim_region (code text PRIMARY KEY, description text NOT NULL, nation text NOT NULL);

CREATE TABLE dw.dim_product (
    product_key integer PRIMARY KEY,
    product_code text NOT NULL,
    product_name text NOT NULL,
    line_of_business text NOT NULL,
    cover_level text
);

CREATE TABLE dw.dim_channel (channel_key integer PRIMARY KEY, channel_name text NOT NULL);
CREATE TABLE dw.dim_cause (cause_key integer PRIMARY KEY, cause_name text NOT NULL);

CREATE TABLE dw.fact_policy (
    policy_key integer PRIMARY KEY,
    holder_key integer NOT NULL,
    product_key integer NOT NULL,
    channel_key integer NOT NULL,
    written_date_key integer NOT NULL,
    renewal_date_key integer NOT NULL,
    annual_premium numeric(10, 2) NOT NULL,
    sum_insured numeric(14, 2),
    status_code text NOT NULL
);

CREATE TABLE dw.fact_premium (
    premium_key integer PRIMARY KEY,
    policy_key integer NOT NULL,
    holder_key integer NOT NULL,
    product_key integer NOT NULL,
    paid_date_key integer NOT NULL,
    premium_amount numeric(10, 2) NOT NULL,
    payment_method text
);

CREATE TABLE dw.fact_claim (
    claim_key integer PRIMARY KEY,
    policy_key integer NOT NULL,
    holder_key integer NOT NULL,
    product_key integer NOT NULL,
    cause_key integer NOT NULL,
    loss_date_key integer NOT NULL,
    reported_date_key integer NOT NULL,
    settled_date_key integer NOT NULL,
    claimed_amount numeric(12, 2) NOT NULL,
    paid_amount numeric(12, 2) NOT NULL,
    status_code text NOT NULL
);

CREATE TABLE dw.fact_quote (
    quote_key integer PRIMARY KEY,
    holder_key integer NOT NULL,
    product_key integer NOT NULL,
    channel_key integer NOT NULL,
    quoted_date_key integer NOT NULL,
    quoted_premium numeric(10, 2)
);

CREATE TABLE dw.fact_call (
    call_key integer PRIMARY KEY,
    holder_key integer NOT NULL,
    called_date_key integer NOT NULL,
    reason text,
    minutes integer NOT NULL,
    complaint text NOT NULL
);

CREATE INDEX ON dw.fact_policy (holder_key);
CREATE INDEX ON dw.fact_premium (holder_key);
CREATE INDEX ON dw.fact_claim (holder_key);
