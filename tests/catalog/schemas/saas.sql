-- A software-as-a-service company: accounts with users, plans, logins by users, tickets, usage in one table of many kinds.
CREATE SCHEMA app;
CREATE TYPE app.user_role AS ENUM ('viewer', 'editor', 'admin');
CREATE TABLE app.plans (plan_id int PRIMARY KEY, name text NOT NULL UNIQUE, monthly_price numeric(10, 2) NOT NULL);
CREATE TABLE app.accounts (
    account_id uuid PRIMARY KEY, company_name text NOT NULL, plan_id int REFERENCES app.plans, industry text,
    employee_count int, country_code text, mrr numeric(12, 2), trial_ends_on date, created_at timestamptz NOT NULL
);
CREATE TABLE app.users (
    user_id uuid PRIMARY KEY, account_id uuid NOT NULL REFERENCES app.accounts, email text NOT NULL UNIQUE, full_name text,
    role app.user_role NOT NULL, is_test_user boolean NOT NULL, marketing_opt_in boolean, api_token text, preferences jsonb,
    signed_up_at timestamptz NOT NULL, updated_at timestamptz NOT NULL
);
CREATE TABLE app.logins (id bigint PRIMARY KEY, user_id uuid NOT NULL REFERENCES app.users, logged_in_at timestamptz NOT NULL, device text);
CREATE TABLE app.tickets (
    ticket_id int PRIMARY KEY, user_id uuid NOT NULL REFERENCES app.users, opened_at timestamptz NOT NULL, closed_at timestamptz,
    priority text NOT NULL, body text
);
CREATE TABLE app.activity_events (
    id bigint PRIMARY KEY, user_id uuid NOT NULL REFERENCES app.users, event_name text NOT NULL, occurred_at timestamptz NOT NULL
);
CREATE TABLE app.invoices (
    invoice_id int PRIMARY KEY, account_id uuid NOT NULL REFERENCES app.accounts, issued_on date NOT NULL, amount numeric(12, 2)
);
INSERT INTO app.plans VALUES (1, 'Free', 0), (2, 'Pro', 49), (3, 'Enterprise', 499);
INSERT INTO app.accounts SELECT md5('a' || n)::uuid, 'Company ' || n, 1 + n % 3, (ARRAY['retail', 'health', 'finance', NULL])[1 + n % 4],
    n * 7, (ARRAY['US', 'DE', 'NO'])[1 + n / 20 % 3], n * 10, '2026-01-01'::date + n, '2025-01-01'::timestamptz + n * interval '1 day'
FROM generate_series(1, 60) n;
INSERT INTO app.users SELECT md5('u' || n)::uuid, md5('a' || 1 + n % 60)::uuid, 'person' || n || '@example.org', 'Person ' || n,
    (ARRAY['viewer', 'editor', 'admin'])[1 + n % 3]::app.user_role, n % 50 = 0, n % 2 = 0, md5(n::text), '{"theme": "dark"}',
    '2025-01-01'::timestamptz + n * interval '1 hour', now()
FROM generate_series(1, 400) n;
INSERT INTO app.logins SELECT n, md5('u' || 1 + n % 380)::uuid, '2025-06-01'::timestamptz + n * interval '1 hour', (ARRAY['web', 'ios', 'android'])[1 + n % 3]
FROM generate_series(1, 2000) n;
INSERT INTO app.tickets SELECT n, md5('u' || 1 + n % 200)::uuid, '2025-06-01'::timestamptz + n * interval '1 day', NULL,
    (ARRAY['low', 'medium', 'high'])[1 + n % 3], 'My printer is on fire, number ' || n
FROM generate_series(1, 150) n;
INSERT INTO app.activity_events SELECT n, md5('u' || 1 + n % 390)::uuid, (ARRAY['report_created', 'export', 'invite_sent'])[1 + n % 3],
    '2025-06-01'::timestamptz + n * interval '1 hour'
FROM generate_series(1, 1500) n;
INSERT INTO app.invoices SELECT n, md5('a' || 1 + n % 60)::uuid, '2025-06-01'::date + n, n FROM generate_series(1, 300) n;
ANALYZE;
