-- An insurer's star schema with no declared keys: dates by key in a date dimension, traits and products by key, two fact tables.
CREATE TABLE dim_date (date_key int, full_date date, year int, month_name text, is_holiday boolean);
CREATE TABLE dim_policy_holder (
    policy_holder_key int, policy_holder_no text, holder_name text, e_mail text, birth_date date, gender_code text, geography_key int,
    since_date_key int, smoker_flag char(1), religion text
);
CREATE TABLE dim_geography (geography_key int, city text, state_code text, region_name text);
CREATE TABLE dim_product (product_key int, product_code text, product_name text, line_of_business text);
CREATE TABLE fact_premium (
    policy_holder_key int, product_key int, due_date_key int, paid_date_key int, premium_amount numeric(12, 2), currency_code text
);
CREATE TABLE fact_claim (
    claim_number text, policy_holder_key int, product_key int, loss_date_key int, reported_date_key int, claim_type text,
    claimed_amount numeric(12, 2), paid_amount numeric(12, 2)
);
INSERT INTO dim_date SELECT to_char(d, 'YYYYMMDD')::int, d, extract(year FROM d), to_char(d, 'FMMonth'), false
FROM generate_series('2024-01-01'::date, '2026-12-31', interval '1 day') d;
INSERT INTO dim_geography SELECT n, (ARRAY['Boston', 'Austin', 'Fresno'])[1 + n % 3], (ARRAY['MA', 'TX', 'CA'])[1 + n % 3], (ARRAY['East', 'South', 'West'])[1 + n % 3]
FROM generate_series(1, 30) n;
INSERT INTO dim_product VALUES (1, 'H1', 'Home Basic', 'home'), (2, 'H2', 'Home Plus', 'home'), (3, 'C1', 'Car', 'motor'), (4, 'L1', 'Life', 'life');
INSERT INTO dim_policy_holder SELECT n, 'PH' || n, 'Holder ' || n, 'holder' || n || '@example.org', '1950-01-01'::date + n * 25,
    (ARRAY['M', 'F'])[1 + n % 2], 1 + n % 30, 20240101 + n % 28, (ARRAY['Y', 'N', 'N', NULL])[1 + n % 4], 'none'
FROM generate_series(1, 600) n;
INSERT INTO fact_premium SELECT 1 + n % 580, 1 + n % 4, 20250101 + n % 28, 20250201 + n % 28, 20 + n % 300, 'USD' FROM generate_series(1, 4000) n;
INSERT INTO fact_claim SELECT 'C' || n, 1 + n % 300, 1 + n % 4, 20250301 + n % 28, 20250401 + n % 28, (ARRAY['theft', 'water', 'collision'])[1 + n % 3],
    100 + n, 50 + n
FROM generate_series(1, 700) n;
ANALYZE;
