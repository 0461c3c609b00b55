-- References and indexes, made after the rows. Every table of events carries the customer's key and has two indexes:
-- by time first, so that a set of customers is read from the index alone, and by customer first, for single probes.

ALTER TABLE consent_events ADD FOREIGN KEY (customer_id) REFERENCES customers;
ALTER TABLE loyalty_tier_history ADD FOREIGN KEY (customer_id) REFERENCES customers;
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;
ALTER TABLE order_lines
    ADD FOREIGN KEY (order_id) REFERENCES orders,
    ADD FOREIGN KEY (customer_id) REFERENCES customers,
    ADD FOREIGN KEY (product_id) REFERENCES products;
ALTER TABLE returns
    ADD FOREIGN KEY (order_line_id) REFERENCES order_lines,
    ADD FOREIGN KEY (order_id) REFERENCES orders,
    ADD FOREIGN KEY (customer_id) REFERENCES customers;
ALTER TABLE messages
    ADD FOREIGN KEY (customer_id) REFERENCES customers,
    ADD FOREIGN KEY (campaign_id) REFERENCES campaigns;
ALTER TABLE message_events
    ADD FOREIGN KEY (message_id) REFERENCES messages,
    ADD FOREIGN KEY (customer_id) REFERENCES customers,
    ADD FOREIGN KEY (campaign_id) REFERENCES campaigns;
ALTER TABLE visitors ADD FOREIGN KEY (customer_id) REFERENCES customers;
ALTER TABLE web_sessions
    ADD FOREIGN KEY (visitor_id) REFERENCES visitors,
    ADD FOREIGN KEY (customer_id) REFERENCES customers;
ALTER TABLE web_events
    ADD FOREIGN KEY (session_id) REFERENCES web_sessions,
    ADD FOREIGN KEY (visitor_id) REFERENCES visitors,
    ADD FOREIGN KEY (customer_id) REFERENCES customers,
    ADD FOREIGN KEY (product_id) REFERENCES products;
ALTER TABLE support_tickets ADD FOREIGN KEY (customer_id) REFERENCES customers;

CREATE INDEX ON customers (state, city);
CREATE INDEX ON customers (signed_up_at);
CREATE INDEX ON customers (lower(email));
CREATE INDEX ON consent_events (channel, kind, occurred_at, customer_id);
CREATE INDEX ON consent_events (customer_id, channel, occurred_at);
CREATE INDEX ON loyalty_tier_history (customer_id, valid_from);
CREATE INDEX ON orders (ordered_at, customer_id);
CREATE INDEX ON orders (customer_id, ordered_at) INCLUDE (status, amount);
CREATE INDEX ON order_lines (product_id, customer_id, order_id);
CREATE INDEX ON order_lines (customer_id, order_id) INCLUDE (product_id, quantity, amount);
CREATE INDEX ON order_lines (order_id);
CREATE INDEX ON returns (returned_at, customer_id);
CREATE INDEX ON returns (customer_id, returned_at);
CREATE INDEX ON messages (channel, sent_at, customer_id);
CREATE INDEX ON messages (customer_id, channel, sent_at);
CREATE INDEX ON message_events (channel, kind, occurred_at, customer_id);
CREATE INDEX ON message_events (customer_id, channel, kind, occurred_at);
CREATE INDEX ON visitors (customer_id);
CREATE INDEX ON web_sessions (started_at, customer_id);
CREATE INDEX ON web_sessions (customer_id, started_at) INCLUDE (device);
CREATE INDEX ON web_events (kind, occurred_at, customer_id);
CREATE INDEX ON web_events (customer_id, kind, occurred_at);
CREATE INDEX ON web_events (session_id);
CREATE INDEX ON support_tickets (opened_at, customer_id);
CREATE INDEX ON support_tickets (customer_id, opened_at);
