-- Visits to the website and the app: those that led to an order, those that did not, and strangers'.
-- Keys of customers' visits and browsers are even, strangers' are odd.
CREATE TEMP TABLE visits ON COMMIT DROP AS
SELECT 2 * b.id AS id, 2 * b.customer_id AS visitor_id, b.customer_id, b.country,
    b.ordered_at - interval '1 minute' * (4 + 25 * u(b.id, 300)) AS started_at,
    CASE WHEN b.channel = 'app' OR u(b.id, 301) < b.mobile_share - 0.1 THEN 'mobile'
        WHEN u(b.id, 302) < 0.88 THEN 'desktop' ELSE 'tablet' END AS device,
    CASE WHEN b.channel = 'app' THEN 'app' ELSE pick(%(visit_sources)s::text[], u(b.id, 303)) END AS source,
    2 + floor(u(b.id, 304) * 3)::integer AS pages,
    true AS puts_in_cart, true AS checks_out,
    l.product_id
FROM baskets b
JOIN order_lines l ON l.id = b.id * 10 + 1
WHERE b.channel <> 'store' AND b.ordered_at > %(web_start)s + interval '1 hour'
UNION ALL
SELECT 2 * id, 2 * customer_id, customer_id, country, started_at,
    CASE WHEN u(id, 307) < 0.01 THEN NULL WHEN u(id, 301) < mobile_share THEN 'mobile'
        WHEN u(id, 302) < 0.88 THEN 'desktop' ELSE 'tablet' END,
    pick(%(visit_sources)s::text[], u(id, 303)),
    1 + least(7, floor(ln(u(id, 304)) / ln(0.6)))::integer,
    u(id, 305) < 0.16, u(id, 305) < 0.05,
    1 + floor(%(products)s * power(u(id, 306), 1.2))::integer
FROM (
    SELECT p.id * 1000 + 500 + j AS id, p.id AS customer_id, p.country, p.mobile_share,
        p.life_end - (p.life_end - greatest(p.life_start, %(web_start)s)) * power(u(p.id * 1000 + 500 + j, 308), 1.15)
            AS started_at
    FROM persona p
    CROSS JOIN LATERAL generate_series(
        1, least(499, floor(1.9 * exp(0.9 * bell(p.id, 50) + 0.25 * p.appetite) * p.web_years + u(p.id, 51))::integer)
    ) j
    WHERE p.web_years > 0
) browsing
UNION ALL
SELECT 2 * id + 1, 2 * stranger + 1, NULL, country, started_at,
    CASE WHEN u(id, 301) < 0.58 THEN 'mobile' WHEN u(id, 302) < 0.88 THEN 'desktop' ELSE 'tablet' END,
    pick(%(visit_sources)s::text[], u(id, 303)),
    1 + least(7, floor(ln(u(id, 304)) / ln(0.45)))::integer,
    u(id, 305) < 0.06, u(id, 305) < 0.01,
    1 + floor(%(products)s * power(u(id, 306), 1.2))::integer
FROM (
    SELECT p.id * 1000 + j AS id, p.id AS stranger, p.country,
        %(now)s - (%(now)s - %(web_start)s) * u(p.id * 1000 + j, 309) AS started_at
    FROM persona p
    CROSS JOIN LATERAL generate_series(1, 1 + least(5, floor(ln(u(p.id, 52)) / ln(0.25)))::integer) j
    WHERE u(p.id, 53) < 0.85
) strangers;

ANALYZE visits;

INSERT INTO visitors (id, customer_id, first_seen_at, last_seen_at, country, device, source)
SELECT visitor_id, min(customer_id), min(started_at), max(started_at), min(country),
    (array_agg(device ORDER BY started_at, id))[1], (array_agg(source ORDER BY started_at, id))[1]
FROM visits GROUP BY visitor_id;

INSERT INTO web_sessions (id, visitor_id, customer_id, started_at, device, source, pages)
SELECT id, visitor_id, customer_id, started_at, device, source, pages FROM visits;

INSERT INTO web_events (id, session_id, visitor_id, customer_id, kind, product_id, occurred_at)
SELECT e.id, v.id, v.visitor_id, v.customer_id, e.kind,
    CASE WHEN e.kind IN ('add_to_cart', 'checkout_started') OR (e.kind = 'product_view' AND e.step = 1) THEN v.product_id
        WHEN e.kind = 'product_view' THEN 1 + floor(%(products)s * power(u(e.id, 321), 1.2))::integer END,
    least(v.started_at + interval '1 second' * (5 + 45 * e.step + 40 * u(e.id, 322)), %(now)s - interval '1 second')
FROM visits v
CROSS JOIN LATERAL (
    SELECT v.id * 16 + step AS id, step,
        CASE WHEN step = 0 THEN 'page_view' WHEN step = 1 OR u(v.id * 16 + step, 320) < 0.55 THEN 'product_view'
            WHEN u(v.id * 16 + step, 320) < 0.88 THEN 'page_view' ELSE 'search' END AS kind
    FROM generate_series(0, v.pages - 1) step
    UNION ALL
    SELECT v.id * 16 + 12, v.pages, 'add_to_cart' WHERE v.puts_in_cart
    UNION ALL
    SELECT v.id * 16 + 13, v.pages + 1, 'checkout_started' WHERE v.checks_out
    UNION ALL
    SELECT v.id * 16 + 15, 0, 'login' WHERE v.customer_id IS NOT NULL AND u(v.id, 323) < 0.3
) e;
