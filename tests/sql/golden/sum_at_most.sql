SELECT
  c.id
FROM customers AS c
WHERE
  NOT EXISTS(
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
        NOT (
          SUM(o.amount) <= 100
        )
    ) AS x
    WHERE
      x.key = c.id
  )
