SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM order_items AS oi
    JOIN orders AS o
      ON o.id = oi.order_id
    LEFT JOIN products AS p
      ON p.id = oi.product_id
    WHERE
      o.customer_id = c.id
      AND p.category IN ('shoes', 'hats')
      AND o.ordered_at >= CAST('2025-12-10 00:00:00-05:00' AS TIMESTAMPTZ)
      AND o.ordered_at < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMPTZ)
  )
