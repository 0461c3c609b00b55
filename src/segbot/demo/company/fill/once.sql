-- What every chunk draws from: the source of chance, products, campaigns.
-- u(key, salt) is a number between 0 and 1 that depends on nothing but the row's key, the purpose and the seed,
-- so the same company comes out whatever the size of the chunks, and no row depends on another's.

CREATE FUNCTION u(key bigint, salt integer) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ((hashint8extended(key, %(seed)s::bigint * 100000 + salt) & 4503599627370495)::double precision + 0.5)
    / 4503599627370496::double precision;

-- A normally distributed number (Box and Muller), mean 0, deviation 1.
CREATE FUNCTION bell(key bigint, salt integer) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sqrt(-2 * ln(u(key, salt))) * cos(2 * pi() * u(key, salt + 5000));

CREATE FUNCTION pick(words text[], chance double precision) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN words[1 + floor(chance * cardinality(words))::integer];

INSERT INTO products (id, sku, name, category, brand, colour, department, price)
SELECT
    id,
    upper(left(category, 3)) || '-' || lpad(id::text, 4, '0'),
    brand || ' ' || pick(%(adjectives)s::text[], u(id, 3)) || ' ' || noun,
    category,
    brand,
    pick(%(colours)s::text[], u(id, 4)),
    CASE WHEN department = 'unisex' THEN pick('{women,men,unisex,unisex,kids}', u(id, 5)) ELSE department END,
    greatest(8, round((price * exp(0.35 * bell(id, 6)))::numeric) - 0.05)
FROM (
    SELECT (c.id - 1) * %(per_category)s + k AS id, c.name AS category, c.department, c.price, k,
        c.nouns[1 + mod(k, cardinality(c.nouns))] AS noun,
        pick(%(brands)s::text[], power(u(c.id * 100 + k, 2), 1.3)) AS brand
    FROM categories c CROSS JOIN generate_series(1, %(per_category)s) k
) drawn;

-- American areas are the hundred of each three digits, strewn around their city; abroad there is one for each city.
INSERT INTO postal_areas (postal_code, city, state, country, latitude, longitude)
SELECT DISTINCT ON (code)
    code, city, state, country,
    round((latitude + 0.04 * bell(seed, 700))::numeric, 4), round((longitude + 0.04 * bell(seed, 701))::numeric, 4)
FROM (
    SELECT city, state, country, latitude, longitude, postal || CASE country WHEN 'US' THEN lpad(n::text, 2, '0') ELSE '' END AS code,
        hashtextextended(postal || n, 0) AS seed
    FROM (SELECT DISTINCT city, state, country, postal, latitude, longitude FROM places) place
        CROSS JOIN generate_series(0, 99) n
    WHERE country = 'US' OR n = 0
) area
ORDER BY code, city;

-- An e-mail every week, Mondays at ten on the company's clock, and a text message every third Friday.
INSERT INTO campaigns (id, name, channel, theme, sent_at)
SELECT
    row_number() OVER (ORDER BY sent_at, channel),
    theme || to_char(planned_at, ' YYYY') || CASE channel WHEN 'sms' THEN ' text' ELSE to_char(planned_at, ' "week" IW') END,
    channel,
    theme,
    sent_at
FROM (
    SELECT channel, planned_at, planned_at AT TIME ZONE %(timezone)s AS sent_at,
        (%(themes)s::text[])[extract(month FROM planned_at)::integer] AS theme
    FROM (
        SELECT 'email' AS channel, start + week * interval '7 days' + interval '10 hours' AS planned_at
        FROM date_trunc('week', (%(now)s - interval '3 years') AT TIME ZONE %(timezone)s) start,
            generate_series(0, 157) week
        UNION ALL
        SELECT 'sms', start + week * interval '7 days' + interval '4 days 15 hours'
        FROM date_trunc('week', (%(now)s - interval '3 years') AT TIME ZONE %(timezone)s) start,
            generate_series(0, 157, 3) week
    ) planned
) themed
WHERE sent_at < %(now)s - interval '1 hour';

-- Of those who may get it, how many do: campaigns go to parts of the list, and to more people of late.
CREATE TEMP TABLE reaches ON COMMIT DROP AS
SELECT id AS campaign_id, channel, sent_at, row_number() OVER (ORDER BY id) AS n,
    (0.035 + 0.12 * exp(-extract(epoch FROM %(now)s - sent_at) / (86400 * 200))) * (0.6 + 0.8 * u(id, 10))
        * CASE channel WHEN 'sms' THEN 1.6 ELSE 1 END AS reach
FROM campaigns;
