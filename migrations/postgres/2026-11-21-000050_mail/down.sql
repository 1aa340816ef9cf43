DROP TABLE inbound_attachments;
DROP TABLE inbound_holds;
DROP TABLE inbound_messages;
DROP TABLE email_suppressions;
DROP TABLE email_steps;
