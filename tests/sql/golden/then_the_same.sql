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
      AND EXISTS(
        SELECT
          1
        FROM order_items AS oi2
        JOIN orders AS o2
          ON o2.id = oi2.order_id
        LEFT JOIN products AS p2
          ON p2.id = oi2.product_id
        WHERE
          o2.customer_id = o.customer_id
          AND o2.ordered_at > o.ordered_at
          AND p2.category = p.category
      )
  )
