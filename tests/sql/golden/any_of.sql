SELECT
  c.id
FROM customers AS c
WHERE
  c.income > 100000
  OR EXISTS(
    SELECT
      1
    FROM (
      SELECT
        o.customer_id AS key
      FROM orders AS o
      WHERE
        (
          o.status IN ('cancelled', 'test')
        ) IS NOT TRUE
      GROUP BY
        o.customer_id
      HAVING
        COUNT(*) >= 3
    ) AS x
    WHERE
      x.key = c.id
  )
