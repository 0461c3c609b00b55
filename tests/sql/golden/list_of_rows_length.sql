SELECT
  c.id
FROM customers AS c
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM (
      SELECT
        l.customer_id AS key
      FROM labels AS l
      WHERE
        l.label <> ''
      GROUP BY
        l.customer_id
      HAVING
        COUNT(DISTINCT l.label) > 1
    ) AS x
    WHERE
      x.key = c.id
  )
