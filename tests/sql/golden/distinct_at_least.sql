SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        o.customer_id AS key
      FROM order_items AS oi
      JOIN orders AS o
        ON o.id = oi.order_id
      LEFT JOIN products AS p
        ON p.id = oi.product_id
      GROUP BY
        o.customer_id
      HAVING
        COUNT(DISTINCT p.category) >= 2
    ) AS x
    WHERE
      x.key = c.id
  )
