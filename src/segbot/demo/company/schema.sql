-- The tables of the demo company, a direct-to-consumer shop for outdoor clothing and gear.
-- Money is in US dollars. Times are instants (timestamptz); the company's own clock is America/New_York.
-- One rule counts everywhere: AN ORDER COUNTS WHEN ITS STATUS IS NOT 'cancelled'.

CREATE TABLE customers (
    id bigint PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    email text,
    phone text,
    birth_date date,
    gender text CHECK (gender IN ('F', 'M', 'X')),
    street text,
    city text,
    state text,
    postal_code text,
    country text NOT NULL,
    latitude double precision,
    longitude double precision,
    household_income numeric(12, 2),
    net_worth numeric(14, 2),
    home_ownership text,
    education text,
    occupation text,
    marital_status text,
    has_children boolean,
    children_count integer,
    loyalty_tier text,
    loyalty_points integer,
    signup_source text,
    signed_up_at timestamptz NOT NULL,
    email_opt_in boolean,
    sms_opt_in boolean,
    post_opt_in boolean,
    ads_opt_out boolean NOT NULL,
    preferred_language text NOT NULL,
    interests text[],
    lifetime_value numeric(12, 2),
    last_seen_at timestamptz,
    is_internal boolean NOT NULL,
    password_hash text
);
COMMENT ON TABLE customers IS 'Everybody with an account, one row each. Staff and test accounts have is_internal.';
COMMENT ON COLUMN customers.email IS 'As typed by the person: mixed case and, rarely, shared by two people or broken.';
COMMENT ON COLUMN customers.phone IS 'Mostly +<country><number>; some American ones as (206) 555-0123.';
COMMENT ON COLUMN customers.gender IS 'F female, M male, X another; empty where not told.';
COMMENT ON COLUMN customers.state IS 'Two-letter code of the US state or Canadian province; empty elsewhere.';
COMMENT ON COLUMN customers.country IS 'Two-letter country code (ISO 3166).';
COMMENT ON COLUMN customers.household_income IS 'Dollars a year, estimated by a data partner.';
COMMENT ON COLUMN customers.net_worth IS 'Dollars, estimated by a data partner; may be negative.';
COMMENT ON COLUMN customers.home_ownership IS 'owner, renter or family (lives with family).';
COMMENT ON COLUMN customers.education IS 'high school, some college, bachelor, master or doctorate.';
COMMENT ON COLUMN customers.loyalty_tier IS 'bronze, silver, gold or platinum, the highest; empty for non-members.';
COMMENT ON COLUMN customers.email_opt_in IS 'Marketing e-mail: true subscribed, false unsubscribed or declined, empty never asked.';
COMMENT ON COLUMN customers.sms_opt_in IS 'Marketing text messages: true, false, or empty where never asked.';
COMMENT ON COLUMN customers.post_opt_in IS 'Catalogs by post: true, false, or empty where never asked.';
COMMENT ON COLUMN customers.ads_opt_out IS 'True where the person objected to being matched on advertising platforms.';
COMMENT ON COLUMN customers.lifetime_value IS 'Dollars of all orders that count less returns; empty where none was placed.';
COMMENT ON COLUMN customers.last_seen_at IS 'The last visit or order; empty where there is none on record.';
COMMENT ON COLUMN customers.is_internal IS 'Staff and test accounts, never part of an audience.';

CREATE TABLE consent_events (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL,
    channel text NOT NULL,
    kind text NOT NULL,
    source text NOT NULL,
    occurred_at timestamptz NOT NULL
);
COMMENT ON TABLE consent_events IS 'Every time a person subscribed to or unsubscribed from email, sms or post.';

CREATE TABLE loyalty_tier_history (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL,
    tier text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_until timestamptz
);
COMMENT ON TABLE loyalty_tier_history IS 'Since when and until when a person held a loyalty tier; no end for the present one.';

CREATE TABLE products (
    id bigint PRIMARY KEY,
    sku text NOT NULL UNIQUE,
    name text NOT NULL,
    category text NOT NULL,
    brand text NOT NULL,
    colour text NOT NULL,
    department text NOT NULL,
    price numeric(10, 2) NOT NULL
);
COMMENT ON TABLE products IS 'What is sold, at today''s list price.';

CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL,
    ordered_at timestamptz NOT NULL,
    status text NOT NULL,
    channel text NOT NULL,
    amount numeric(12, 2) NOT NULL,
    discount_amount numeric(12, 2) NOT NULL,
    coupon_code text,
    shipping_country text NOT NULL,
    is_gift boolean NOT NULL
);
COMMENT ON TABLE orders IS 'Orders of the last three years. An order counts when its status is not cancelled.';
COMMENT ON COLUMN orders.status IS 'paid, pending (payment under way), refunded (paid, all of it sent back) or cancelled.';
COMMENT ON COLUMN orders.channel IS 'web, app or store.';
COMMENT ON COLUMN orders.amount IS 'Dollars paid, after discount: the sum of the lines'' amounts. Later refunds do not change it.';

CREATE TABLE order_lines (
    id bigint PRIMARY KEY,
    order_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    product_id bigint NOT NULL,
    quantity integer NOT NULL,
    unit_price numeric(10, 2) NOT NULL,
    discount numeric(10, 2) NOT NULL,
    amount numeric(12, 2) NOT NULL
);
COMMENT ON TABLE order_lines IS 'The products of an order.';
COMMENT ON COLUMN order_lines.amount IS 'quantity * unit_price - discount, in dollars.';

CREATE TABLE returns (
    id bigint PRIMARY KEY,
    order_line_id bigint NOT NULL,
    order_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    returned_at timestamptz NOT NULL,
    amount numeric(12, 2) NOT NULL,
    reason text
);
COMMENT ON TABLE returns IS 'Order lines that were sent back, with the dollars paid back.';

CREATE TABLE campaigns (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    channel text NOT NULL,
    theme text NOT NULL,
    sent_at timestamptz NOT NULL
);
COMMENT ON TABLE campaigns IS 'Marketing sends by email or sms.';

CREATE TABLE messages (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL,
    campaign_id bigint NOT NULL,
    channel text NOT NULL,
    sent_at timestamptz NOT NULL
);
COMMENT ON TABLE messages IS 'One row for each email or sms sent to a customer.';

CREATE TABLE message_events (
    id bigint PRIMARY KEY,
    message_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    campaign_id bigint NOT NULL,
    channel text NOT NULL,
    kind text NOT NULL,
    occurred_at timestamptz NOT NULL
);
COMMENT ON TABLE message_events IS 'What became of a message: delivered, bounced, opened (email only), clicked, complained, unsubscribed.';

CREATE TABLE visitors (
    id bigint PRIMARY KEY,
    customer_id bigint,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    country text,
    device text,
    source text
);
COMMENT ON TABLE visitors IS 'Browsers seen on the website in the last 18 months; no customer where nobody signed in.';

CREATE TABLE web_sessions (
    id bigint PRIMARY KEY,
    visitor_id bigint NOT NULL,
    customer_id bigint,
    started_at timestamptz NOT NULL,
    device text,
    source text NOT NULL,
    pages integer NOT NULL
);
COMMENT ON TABLE web_sessions IS 'Visits to the website and app in the last 18 months; no customer for anonymous ones.';
COMMENT ON COLUMN web_sessions.device IS 'mobile, desktop or tablet; empty where unknown.';
COMMENT ON COLUMN web_sessions.pages IS 'Pages and products looked at.';

CREATE TABLE web_events (
    id bigint PRIMARY KEY,
    session_id bigint NOT NULL,
    visitor_id bigint NOT NULL,
    customer_id bigint,
    kind text NOT NULL,
    product_id bigint,
    occurred_at timestamptz NOT NULL
);
COMMENT ON TABLE web_events IS 'page_view, product_view, search, login, add_to_cart or checkout_started within a visit.';

CREATE TABLE support_tickets (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    channel text NOT NULL,
    topic text NOT NULL,
    satisfaction integer
);
COMMENT ON TABLE support_tickets IS 'Requests to the help desk; satisfaction is 1 to 5 where the person answered.';

CREATE TABLE postal_areas (
    postal_code text PRIMARY KEY,
    city text NOT NULL,
    state text,
    country text NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL
);
COMMENT ON TABLE postal_areas IS 'The middle of every postal area that the shop delivers to; abroad only the first part of the code.';

CREATE TABLE generated (
    customers integer NOT NULL,
    seed integer NOT NULL,
    as_of timestamptz NOT NULL,
    version integer NOT NULL
);
COMMENT ON TABLE generated IS 'How this company was made: size, seed, the moment its time ends, version of the generator.';
