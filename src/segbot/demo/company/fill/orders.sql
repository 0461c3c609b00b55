-- Orders with their lines and returns. Twice as many moments are drawn as there will be orders; the season decides
-- which of them become one, so that November and December stand out.
CREATE TEMP TABLE baskets ON COMMIT DROP AS
WITH wishes AS MATERIALIZED (
    SELECT p.id * 1000 + j AS id, p.id AS customer_id, j, p.life_start,
        CASE WHEN j = 1 AND p.signed_up_at = p.life_start
            THEN p.life_start + least(interval '20 days', p.life_end - p.life_start) * power(u(p.id, 90), 3)
            ELSE p.life_start + (p.life_end - p.life_start) * u(p.id * 1000 + j, 100) END AS moment,
        p.bargain_hunting, p.favourite, p.sex, p.mobile_share, p.country
    FROM persona p
    CROSS JOIN LATERAL generate_series(1, least(450, floor(2 * p.orders_a_year * p.years + u(p.id, 91))::integer)) j
    WHERE p.buys
), timed AS MATERIALIZED (
    -- People shop between seven in the morning and eleven at night on the company's clock.
    SELECT *, date_trunc('day', moment, %(timezone)s) + interval '1 day' * (0.3 + 0.65 * power(u(id, 101), 0.8)) AS sociable
    FROM wishes
), dated AS MATERIALIZED (
    SELECT *, CASE WHEN sociable BETWEEN life_start AND %(now)s - interval '2 minutes' THEN sociable ELSE moment END
        AS ordered_at
    FROM timed
), placed AS MATERIALIZED (
    SELECT *, extract(month FROM local_time)::integer AS month,
        extract(month FROM local_time) = 11 AND extract(day FROM local_time) BETWEEN 23 AND 30 AS in_sale
    FROM (SELECT *, ordered_at AT TIME ZONE %(timezone)s AS local_time FROM dated) told
)
SELECT id, customer_id, ordered_at, favourite, sex, country, mobile_share, month,
    1 + least(5, floor(ln(u(id, 103)) / ln(0.42)))::integer AS lines,
    CASE WHEN u(id, 104) < 0.12 + 0.75 * bargain_hunting
        THEN CASE WHEN in_sale THEN 25 ELSE (ARRAY[10, 10, 15, 20])[1 + floor(u(id, 105) * 4)::integer] END
        ELSE 0 END AS percent_off,
    CASE WHEN in_sale THEN 'BLACKFRIDAY' WHEN j = 1 THEN 'WELCOME10' ELSE pick(%(coupons)s::text[], u(id, 106)) END
        AS coupon,
    CASE WHEN u(id, 107) < 0.04 THEN 'cancelled'
        WHEN ordered_at > %(now)s - interval '3 days' AND u(id, 107) < 0.35 THEN 'pending'
        WHEN ordered_at < %(now)s - interval '25 days' AND u(id, 107) < 0.07 THEN 'refunded'
        ELSE 'paid' END AS status,
    CASE WHEN u(id, 108) < 0.14 THEN 'store'
        WHEN u(id, 108) < 0.14 + 0.5 * mobile_share THEN 'app'
        ELSE 'web' END AS channel
FROM placed
WHERE j = 1 OR in_sale OR u(id, 102) < (%(season)s::double precision[])[month] / 2;

ANALYZE baskets;

INSERT INTO order_lines (id, order_id, customer_id, product_id, quantity, unit_price, discount, amount)
SELECT id, order_id, customer_id, product_id, quantity, unit_price, discount, quantity * unit_price - discount
FROM (
    SELECT drawn.*, round(quantity * unit_price * percent_off / 100, 2) AS discount
    FROM (
        SELECT chosen.id, order_id, customer_id, percent_off, product.id AS product_id,
            CASE WHEN u(chosen.id, 113) < 0.86 THEN 1 WHEN u(chosen.id, 113) < 0.96 THEN 2 ELSE 3 END AS quantity,
            -- Prices have risen by about three per cent a year.
            round(product.price * (1 - 0.03 * extract(epoch FROM %(now)s - ordered_at) / 31557600), 2) AS unit_price
        FROM (
            SELECT *,
                -- Men seldom buy from the women's department.
                CASE WHEN sex = 'M' AND category = ANY (%(womens)s::integer[]) AND u(id, 111) < 0.85
                    THEN %(shirts)s ELSE category END AS final_category
            FROM (
                SELECT b.id * 10 + k AS id, b.id AS order_id, b.customer_id, b.ordered_at, b.sex, b.percent_off,
                    CASE WHEN u(b.id * 10 + k, 109) < 0.34 THEN b.favourite
                        WHEN b.month BETWEEN 4 AND 9
                        THEN (%(warm)s::integer[])[1 + floor(u(b.id * 10 + k, 110) * %(warm_slots)s)::integer]
                        ELSE (%(cold)s::integer[])[1 + floor(u(b.id * 10 + k, 110) * %(cold_slots)s)::integer]
                    END AS category
                FROM baskets b CROSS JOIN LATERAL generate_series(1, b.lines) k
            ) wanted
        ) chosen
        JOIN products product
            ON product.id = (final_category - 1) * %(per_category)s
                + 1 + floor(%(per_category)s * power(u(chosen.id, 112), 1.6))::integer
    ) drawn
) priced;

INSERT INTO orders
    (id, customer_id, ordered_at, status, channel, amount, discount_amount, coupon_code, shipping_country, is_gift)
SELECT b.id, b.customer_id, b.ordered_at, b.status, b.channel, paid.amount, paid.discount,
    -- A third of all discounts are markdowns without a code.
    CASE WHEN b.percent_off > 0 AND u(b.id, 114) < 0.67 THEN b.coupon END,
    CASE WHEN u(b.id, 115) < 0.985 THEN b.country ELSE 'US' END,
    u(b.id, 116) < CASE WHEN b.month = 12 THEN 0.3 ELSE 0.06 END
FROM baskets b
JOIN (
    SELECT order_id, sum(amount) AS amount, sum(discount) AS discount FROM order_lines
    WHERE id BETWEEN %(first)s::bigint * 10000 AND %(last)s::bigint * 10000 + 9999 GROUP BY order_id
) paid ON paid.order_id = b.id;

INSERT INTO returns (id, order_line_id, order_id, customer_id, returned_at, amount, reason)
SELECT id, id, order_id, customer_id, returned_at, amount,
    CASE WHEN u(id, 122) < 0.85 THEN pick(%(return_reasons)s::text[], u(id, 123)) END
FROM (
    SELECT l.*, b.ordered_at + interval '1 day' * (3 + 20 * u(l.id, 121)) AS returned_at
    FROM order_lines l
    JOIN baskets b ON b.id = l.order_id
    JOIN products product ON product.id = l.product_id
    WHERE l.id BETWEEN %(first)s::bigint * 10000 AND %(last)s::bigint * 10000 + 9999
        AND (b.status = 'refunded'
            OR b.status = 'paid' AND u(l.id, 120) < CASE
                WHEN product.category IN ('dresses', 'shoes', 'boots', 'jackets') THEN 0.11
                WHEN product.category = 'gift cards' THEN 0 ELSE 0.045 END)
) sent_back
WHERE returned_at < %(now)s;
